// SPDX-License-Identifier: Apache-2.0
#include "core/language/syntax.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "core/language/tokens.h"

namespace netwright::language {
namespace {

// The tree with all its parentheses.
std::string written(const Tree& tree, NodeIndex index) {
  if (index == kNoNode) return "_";
  const Node& n = tree[index];
  std::string inner;
  for (const NodeIndex child : n.children) inner += " " + written(tree, child);
  switch (n.kind) {
    case NodeKind::Whole:
      return std::to_string(n.whole);
    case NodeKind::Real:
      return fmt::format("{}f", n.real);
    case NodeKind::Text:
      return '"' + n.text + '"';
    case NodeKind::Name:
      return n.text;
    case NodeKind::Ellipsis:
      return "...";
    case NodeKind::Tuple:
      return "(tuple" + inner + ")";
    case NodeKind::List:
      return "(list" + inner + ")";
    case NodeKind::Unary:
    case NodeKind::Binary:
    case NodeKind::Compared:
      return "(" + n.text + inner + ")";
    case NodeKind::Keyword:
    case NodeKind::Attribute:
      return "(" + std::string(n.kind == NodeKind::Keyword ? "=" : ".") + n.text + inner + ")";
    default: {
      static const std::map<NodeKind, std::string> kNames{{NodeKind::Starred, "*"},
                                                          {NodeKind::Comprehension, "comp"},
                                                          {NodeKind::Comparison, "compare"},
                                                          {NodeKind::And, "and"},
                                                          {NodeKind::Or, "or"},
                                                          {NodeKind::Conditional, "ifelse"},
                                                          {NodeKind::Call, "call"},
                                                          {NodeKind::Subscript, "at"},
                                                          {NodeKind::Slice, "slice"},
                                                          {NodeKind::Block, "block"},
                                                          {NodeKind::Assign, "set"},
                                                          {NodeKind::For, "for"},
                                                          {NodeKind::If, "if"},
                                                          {NodeKind::Return, "return"},
                                                          {NodeKind::Statement, "do"},
                                                          {NodeKind::Pass, "pass"},
                                                          {NodeKind::True, "True"},
                                                          {NodeKind::False, "False"},
                                                          {NodeKind::None, "None"}};
      return "(" + kNames.at(n.kind) + inner + ")";
    }
  }
}

std::string tree(std::string_view text) {
  const Parsed parsed = parseExpression(text);
  if (!parsed.mistakes.empty()) return parsed.mistakes[0].message;
  return written(parsed.tree, parsed.tree.root);
}
std::string code(std::string_view text) {
  const Parsed parsed = parseCode(text);
  std::string all;
  for (const Mistake& m : parsed.mistakes)
    all += fmt::format("{}:{} {}\n", m.position.line, m.position.column, m.message);
  return parsed.mistakes.empty() ? written(parsed.tree, parsed.tree.root) : all;
}

TEST(Syntax, BindsAsPythonDoes) {
  EXPECT_EQ(tree("a + b * c"), "(+ a (* b c))");
  EXPECT_EQ(tree("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(tree("-a ** -b ** c"), "(- (** a (- (** b c))))");
  EXPECT_EQ(tree("x @ w + b"), "(+ (@ x w) b)");
  EXPECT_EQ(tree("a | b ^ c & d << e"), "(| a (^ b (& c (<< d e))))");
  EXPECT_EQ(tree("not a == b or c and d"), "(or (not (compare a (== b))) (and c d))");
  EXPECT_EQ(tree("a < b <= c"), "(compare a (< b) (<= c))");
  EXPECT_EQ(tree("a not in b is not c"), "(compare a (not in b) (is not c))");
  EXPECT_EQ(tree("a if b else c if d else e"), "(ifelse b a (ifelse d c e))");
  EXPECT_EQ(tree("(h * scale).softmax(dim=-1)"), "(call (.softmax (* h scale)) (=dim (- 1)))");
  EXPECT_EQ(tree("x[:, ::2]"), "(at x (tuple (slice _ _ _) (slice _ _ 2)))");
  EXPECT_EQ(tree("x[..., None, 1:-1]"), "(at x (tuple ... (None) (slice 1 (- 1) _)))");
  EXPECT_EQ(tree("x[a:b]"), "(at x (slice a b _))");
  EXPECT_EQ(tree("x[0,]"), "(at x (tuple 0))");
  EXPECT_EQ(tree("f(*s, k=1,)"), "(call f (* s) (=k 1))");
  EXPECT_EQ(tree("()"), "(tuple)");
  EXPECT_EQ(tree("(a,)"), "(tuple a)");
  EXPECT_EQ(tree("a, b"), "(tuple a b)");
  EXPECT_EQ(tree("[i for i in x if i]"), "(comp i i x i)");
  EXPECT_EQ(tree("sum(i for i, j in x)"), "(call sum (comp i (tuple i j) x _))");
  EXPECT_EQ(tree("1_000 + 0xff + 1e-3 + .5 + 2."), "(+ (+ (+ (+ 1000 255) 0.001f) 0.5f) 2f)");
}

TEST(Syntax, ReadsStatements) {
  EXPECT_EQ(code("h = relu(x)\ny = h + 1"), "(block (set h (call relu x)) (set y (+ h 1)))");
  EXPECT_EQ(code("a, b = x.chunk(2)"), "(block (set (tuple a b) (call (.chunk x) 2)))");
  EXPECT_EQ(code("(a, b) = c = d"), "(block (set (tuple a b) c d))");
  EXPECT_EQ(code("y = f(x,\n      z)  # why\n\n# end"), "(block (set y (call f x z)))");
  EXPECT_EQ(code("for i in range(3):\n    x = x * i\n    y = x\nz = y"),
            "(block (for i (call range 3) (block (set x (* x i)) (set y x))) (set z y))");
  EXPECT_EQ(code("if a:\n  b = 1\nelif c:\n  b = 2\nelse:\n  b = 3\n"),
            "(block (if a (block (set b 1)) (block (if c (block (set b 2)) (block (set b 3))))))");
  EXPECT_EQ(code("if a: b = 1; c = 2\nreturn b, c"),
            "(block (if a (block (set b 1) (set c 2)) _) (return (tuple b c)))");
  EXPECT_EQ(code("a = 1 + \\\n  2"), "(block (set a (+ 1 2)))");
  EXPECT_EQ(code(""), "(block)");
  EXPECT_EQ(code("\r\n  # nothing\r\n"), "(block)");
}

TEST(Syntax, TellsTheMistakesOfAllLines) {
  EXPECT_EQ(code("a = )\nb = 1\nc = = 2"), "1:5 ')' closes nothing; delete it or open one before\n");
  EXPECT_EQ(code("a = 1 +\nb = 1\nc = = 2"),
            "1:8 here an expression is missing, before the end of the line\n"
            "3:5 '=' sets a name and cannot be inside an expression; compare with '=='\n");
  EXPECT_EQ(code("for i range(3):\n  a = = 1\n  b = 2\nc ="),
            "1:7 'in' is missing after the name of the loop, before 'range'\n4:3 after '=' a value is missing\n");
  EXPECT_EQ(code("if a:\n  b = +\n  c = +\nd = +"),
            "2:8 here an expression is missing, before the end of the line\n"
            "3:8 here an expression is missing, before the end of the line\n"
            "4:5 here an expression is missing, before the end of the line\n");
}

TEST(Syntax, NamesTheRepair) {
  EXPECT_EQ(code("x += 1"), "1:3 '+=' would change a value in its place; write: name = name + ...\n");
  EXPECT_EQ(code("x[0] = 1"),
            "1:1 a part of a value cannot be set; make a new value, as with where(condition, a, b) or cat([a, b])\n");
  EXPECT_EQ(code("1 = x"), "1:1 left of '=' a name belongs\n");
  EXPECT_EQ(code("x: int = 1"), "1:2 names have no types here; delete ':' and what follows up to '='\n");
  EXPECT_EQ(code("while x:\n  y = 1"),
            "1:1 'while' is not known here, because its length would depend on values; use a Loop node\n");
  EXPECT_EQ(code("def f(x):\n  return x"), "1:1 'def' is not known here; make a block of what is used twice\n");
  EXPECT_EQ(code("import torch"), "1:1 'import' is not needed here: functions are known by name\n");
  EXPECT_EQ(code("else:\n  x = 1"), "1:1 'else' has no 'if' before it in a line as far to the left\n");
  EXPECT_EQ(code("if a:\nb = 1"), "2:1 after ':' an indented line belongs; begin it with four blanks\n");
  EXPECT_EQ(code("a = 1\n  b = 1"), "2:1 this line is indented without need; begin it where the one before begins\n");
  EXPECT_EQ(code("if a:\n    b = 1\n  c = 1"),
            "3:1 this line begins between two indentations; align it with a line before\n");
  EXPECT_EQ(code("if a:\n        b = 1\n\tc = 1"),
            "3:1 this line mixes tabs and blanks otherwise than those before; use blanks\n");
  EXPECT_EQ(code("for i in x: for j in y: z = 1"), "1:13 this belongs in a line of its own, indented\n");
  EXPECT_EQ(code("if a\n  b = 1"), "1:5 ':' is missing at the end of the line, before the end of the line\n");
  EXPECT_EQ(code("a = \"\"\"b\nc\"\"\""), "1:5 texts of several lines are not known here; use # for a comment\n");
  EXPECT_EQ(code("a = '\\q'"), "1:5 \\q is no known escape; known are \\n, \\t, \\\\, \\' and \\\"\n");
  EXPECT_EQ(code("f(a=1, a=2)"), "1:8 'a' is given twice; delete one\n");
  EXPECT_EQ(code("x."), "1:2 after '.' a name belongs, not the end of the line\n");
  EXPECT_EQ(code("x[]"), "1:3 here an index is missing, such as [0] or [:, 1]\n");
}

TEST(Syntax, BlocksAreBounded) {
  std::string deep, elifs = "if a:\n  b = 1\n";
  for (int i = 0; i < 300; ++i) deep += std::string(static_cast<size_t>(i), ' ') + "if a:\n";
  for (int i = 0; i < 3000; ++i) elifs += "elif a:\n  b = 1\n";
  EXPECT_NE(code(deep).find("more than 50 blocks inside each other; use fewer"), std::string::npos);
  EXPECT_NE(code(elifs).find("this is nested more than 200 levels deep"), std::string::npos);
}

TEST(Syntax, TreesReachEveryNodeBeforeItsParents) {
  const Parsed parsed = parseCode("for i in range(3):\n  x = (x + i).relu()[0, 1:]\n");
  ASSERT_TRUE(parsed.mistakes.empty());
  for (NodeIndex i = 0; i < parsed.tree.nodes.size(); ++i)
    for (const NodeIndex child : parsed.tree[i].children) EXPECT_TRUE(child == kNoNode || child < i);
  EXPECT_EQ(parsed.tree.root, parsed.tree.nodes.size() - 1);
}

// Texts of all kinds of pieces, whole and damaged: no crash, no endless loop, and every mistake has a place in the
// text.
TEST(Syntax, SurvivesWhateverIsTyped) {
  static const std::vector<std::string> kPieces{
      "x",    "relu", "(",   ")",      "[",     "]",     "{",    ",",     ":",    ".",       "...",      "=",    "==",
      "+",    "-",    "**",  "@",      "if ",   "else ", "for ", "in ",   "not ", "and ",    "\n",       "\n  ", "\n\t",
      "    ", "1",    "1e5", "0x1f",   "'a'",   "\"",    "'",    "\\",    "#",    "return ", "range(3)", "\r\n", "é",
      "\x80", "*",    "is ", "lambda", "elif ", "\\\n",  "x = ", "while", ";",    "+="};
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t n = random() % 30; n > 0; --n) text += kPieces[random() % kPieces.size()];
    for (const Parsed& parsed : {parseCode(text), parseExpression(text)}) {
      EXPECT_EQ(parsed.mistakes.empty(), parsed.tree.root != kNoNode) << text;
      for (const Mistake& m : parsed.mistakes) {
        EXPECT_LE(m.at.begin, m.at.end) << text;
        EXPECT_LE(m.at.end, text.size()) << text;
        EXPECT_TRUE(m.at.begin < m.at.end || text.empty()) << text << ": " << m.message;
        EXPECT_GE(m.position.line, 1);
      }
    }
  }
}

TEST(Tokens, ColourWhatIsTypedSoFar) {
  const std::string text = "y = relu(x  # on\nz = 'open";
  std::vector<std::string> words;
  for (const Token& t : tokenize(text, Layout::Code).tokens)
    if (t.at.end > t.at.begin) words.push_back(text.substr(t.at.begin, t.at.end - t.at.begin));
  EXPECT_EQ(words, (std::vector<std::string>{"y", "=", "relu", "(", "x", "# on", "z", "=", "'open"}));
}

}  // namespace
}  // namespace netwright::language

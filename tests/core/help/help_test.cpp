// SPDX-License-Identifier: Apache-2.0
// Every registered thing has a page with words of its own, every link leads somewhere, and every page can be shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/data/prose.h"
#include "core/help/html.h"
#include "core/help/sections.h"
#include "core/help/text.h"
#include "core/layers/prose.h"
#include "core/layers/registry.h"
#include "core/program/catalogue.h"
#include "core/program/prose.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"
#include "core/run/optimiser.h"
#include "core/run/prose.h"
#include "core/run/schedule_spec.h"

namespace netwright::help {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const fs::path kRoot = NETWRIGHT_SOURCE_DIR;

const Page& page(const std::string& key) {
  static std::map<std::string, Page> pages;
  if (!pages.contains(key)) pages[key] = pageOf(*findEntry(key));
  return pages[key];
}

std::string textOf(const std::string& key, const std::string& section) {
  const Section* found = page(key).find(section);
  if (!found) return "";
  std::string all;
  for (const std::string& paragraph : found->paragraphs) all += plainText(paragraph, page(key).entry->kind) + "\n";
  for (const auto& row : found->table.rows) {
    for (const std::string& cell : row) all += plainText(cell, page(key).entry->kind) + " | ";
    all += "\n";
  }
  return all;
}

std::vector<std::string> keys(const std::vector<const Entry*>& found) {
  std::vector<std::string> list;
  for (const Entry* e : found) list.push_back(e->key());
  return list;
}

TEST(Help, EverythingRegisteredHasAPage) {
  for (const layers::LayerSpec& l : layers::registry()) EXPECT_TRUE(findEntry("layer/" + l.id)) << l.id;
  for (const auto& [id, info] : program::catalogue()) EXPECT_TRUE(findEntry("op/" + id)) << id;
  for (const run::OptimiserSpec& o : run::optimisers()) EXPECT_TRUE(findEntry("optimiser/" + o.id)) << o.id;
  for (const run::ScheduleSpec& s : run::schedules()) EXPECT_TRUE(findEntry("schedule/" + s.id)) << s.id;
  for (const run::InitialiserSpec& i : run::initialisers()) EXPECT_TRUE(findEntry("initialiser/" + i.id)) << i.id;
  for (const run::RegulariserSpec& r : run::regularisers()) EXPECT_TRUE(findEntry("regulariser/" + r.id)) << r.id;
  for (const run::MetricSpec& m : run::metrics()) EXPECT_TRUE(findEntry("metric/" + m.id)) << m.id;
  EXPECT_TRUE(findEntry("source/csv") && findEntry("transform/standardize"));
}

TEST(Help, EveryPageHasWordsOfItsOwn) {
  for (const Entry& e : entries()) {
    const Prose& prose = proseOf(e);
    EXPECT_THAT(prose.paragraphs, Not(IsEmpty()))
        << e.key() << ": write a section '## " << e.id << "' in the .md file beside its code.";
    EXPECT_THAT(prose.seeAlso, Not(IsEmpty())) << e.key() << ": name a page that is near with 'See also: …'.";
    EXPECT_FALSE(e.summary.empty()) << e.key();
    for (const std::string& text : prose.paragraphs) {
      EXPECT_GT(text.size(), 20u) << e.key();
      EXPECT_THAT(std::string(".:)`"), HasSubstr(text.substr(text.size() - 1))) << e.key() << ": " << text;
    }
    for (const std::string& text : prose.pitfalls) EXPECT_EQ(text.back(), '.') << e.key() << ": " << text;
    const bool named = e.kind != Kind::Op || e.torchName.rfind("torch.", 0) == 0;
    EXPECT_TRUE(named) << e.key() << ": say 'PyTorch: torch.…'.";
  }
}

TEST(Help, NoWordsAreAboutNothing) {
  const auto check = [](const ProseBook& book, const char* kind) {
    for (const auto& [id, prose] : book)
      EXPECT_TRUE(findEntry(std::string(kind) + "/" + id)) << "There is no " << kind << " '" << id << "'.";
  };
  check(layers::prose(), "layer");
  check(program::prose(), "op");
  check(run::optimiserProse(), "optimiser");
  check(run::metricProse(), "metric");
  check(run::scheduleProse(), "schedule");
  check(run::initialiserProse(), "initialiser");
  check(run::regulariserProse(), "regulariser");
  check(data::sourceProse(), "source");
  check(data::transformProse(), "transform");
}

TEST(Help, WordsLieBesideTheirCode) {
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "core")) {
    if (entry.path().extension() != ".md") continue;
    ++files;
    EXPECT_TRUE(fs::exists(fs::path(entry.path()).replace_extension(".cpp"))) << entry.path();
  }
  EXPECT_GT(files, 140u);
}

TEST(Help, NoLinkLeadsNowhere) {
  for (const Entry& e : entries()) {
    std::vector<std::string> texts{e.summary};
    for (const Section& s : page(e.key()).sections) {
      texts.insert(texts.end(), s.paragraphs.begin(), s.paragraphs.end());
      for (const auto& row : s.table.rows) texts.insert(texts.end(), row.begin(), row.end());
    }
    for (const std::string& text : texts)
      for (const Span& span : spans(text, e.kind)) {
        if (span.style != Span::Style::Link) continue;
        ASSERT_TRUE(span.target) << e.key() << " links to '" << span.text << "', which is no page.";
        EXPECT_NE(span.target, &e) << e.key() << " links to itself";
      }
  }
}

TEST(Help, TellsLinksFromBrackets) {
  const std::vector<Span> all = spans("See [relu] and [schedule/step], not x[i], [0, 1] or `[linear]`.", Kind::Layer);
  std::vector<std::string> links;
  for (const Span& s : all)
    if (s.style == Span::Style::Link) links.push_back(s.target->key());
  EXPECT_THAT(links, ::testing::ElementsAre("layer/relu", "schedule/step"));
  EXPECT_EQ(plainText("See [relu] and [schedule/step], not x[i], [0, 1] or `[linear]`.", Kind::Layer),
            "See ReLU and Step, not x[i], [0, 1] or [linear].");
  EXPECT_EQ(spans("[no_such_page]", Kind::Layer).front().target, nullptr);
  EXPECT_EQ(resolve("linear", Kind::Schedule)->key(), "schedule/linear") << "its own kind comes first";
  EXPECT_EQ(resolve("linear", Kind::Metric)->key(), "layer/linear");
}

TEST(Help, FindsByEveryNameThatPeopleUse) {
  const std::vector<std::pair<const char*, const char*>> kNames{{"conv2d", "layer/conv2d"},
                                                                {"nn.Conv2d", "layer/conv2d"},
                                                                {"torch.nn.Conv2d", "layer/conv2d"},
                                                                {"Conv2D", "layer/conv2d"},
                                                                {"layers.Conv2D", "layer/conv2d"},
                                                                {"keras.layers.Dense", "layer/linear"},
                                                                {"dense", "layer/linear"},
                                                                {"fully connected", "layer/linear"},
                                                                {"adam", "optimiser/adam"},
                                                                {"torch.optim.AdamW", "optimiser/adamw"},
                                                                {"CosineAnnealingLR", "schedule/cosine"},
                                                                {"schedule/linear", "schedule/linear"},
                                                                {"cross entropy", "layer/cross_entropy"},
                                                                {"CrossEntropyLoss", "layer/cross_entropy"},
                                                                {"accuracy", "metric/accuracy"},
                                                                {"csv", "source/csv"},
                                                                {"softmax.int", "op/softmax.int"},
                                                                {"aten::bmm", "op/bmm"},
                                                                {"torch.bmm", "op/bmm"},
                                                                {"swish", "layer/silu"}};
  for (const auto& [name, key] : kNames) {
    ASSERT_THAT(named(name), Not(IsEmpty())) << name;
    EXPECT_EQ(named(name).front()->key(), key) << name;
  }
  EXPECT_THAT(keys(named("linear")), ::testing::ElementsAre("layer/linear", "schedule/linear", "op/linear"));
  EXPECT_THAT(named("convolver"), IsEmpty());
  EXPECT_EQ(nearestName("conv2"), "conv2d");
  EXPECT_EQ(nearestName("Adem"), "adam");
}

TEST(Help, SearchesTheWordsToo) {
  EXPECT_EQ(search("nn.linear").front()->key(), "layer/linear");
  EXPECT_THAT(keys(search("checkerboard")), Contains("layer/conv_transpose2d"));
  EXPECT_THAT(keys(search("vanish gradient")), Contains("layer/rnn"));
  EXPECT_THAT(keys(search("mobilenet")), Contains("layer/depthwise_conv2d"));
  EXPECT_THAT(search("zzzz"), IsEmpty());
  EXPECT_THAT(search(""), SizeIs(entries().size()));
  ASSERT_FALSE(layers::searchLayers("checkerboard").empty());
  EXPECT_EQ(layers::searchLayers("checkerboard").front()->id, "upsample") << "the palette reads the words, too";
}

TEST(Help, ALayersPageTellsAllOfIt) {
  EXPECT_EQ(page("layer/conv2d").formula, "y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c]");
  EXPECT_THAT(textOf("layer/conv2d", "use"), HasSubstr("The workhorse for images since LeNet."));
  EXPECT_THAT(textOf("layer/conv2d", "pitfalls"), HasSubstr("switch bias off."));
  EXPECT_THAT(textOf("layer/conv2d", "shapes"), HasSubstr("in | x | (N, C, H, W) | (N, 3, 32, 32) | \n"
                                                          "out | y | (N, out_channels, H', W') | (N, 32, 30, 30) | "));
  EXPECT_THAT(textOf("layer/conv2d", "parameters"), HasSubstr("kernel_size | (3, 3) | 2 whole numbers, at least 1"));
  EXPECT_THAT(textOf("layer/conv2d", "weights"),
              HasSubstr("weight | (32, 3, 3, 3) | learned | \nbias | (32,) | learned"));
  EXPECT_EQ(textOf("layer/conv2d", "cost"),
            "In the example: 896 parameters, 777,600 multiply-accumulates (MACs) for a sample.\n");
  EXPECT_EQ(textOf("layer/conv2d", "elsewhere"),
            "PyTorch: nn.Conv2d; the example is nn.Conv2d(3, 32, 3)\nKeras: layers.Conv2D\n");
  EXPECT_THAT(textOf("layer/conv2d", "exports"), HasSubstr("ONNX | yes | "));
  EXPECT_THAT(textOf("layer/conv2d", "paper"), HasSubstr("LeCun et al. 1989"));
  EXPECT_THAT(textOf("layer/conv2d", "see"), HasSubstr("DepthwiseConv2d"));
  EXPECT_THAT(textOf("layer/fractional_max_pool2d", "exports"), HasSubstr("ONNX | no: ")) << "an honest no";
  EXPECT_THAT(textOf("layer/group_norm", "shapes"),
              HasSubstr("The example has num_groups = 4, all else at the defaults."));
  EXPECT_THAT(textOf("layer/batch_norm2d", "weights"), HasSubstr("running_mean | (16,) | kept, not learned"));
  EXPECT_THAT(textOf("layer/batch_norm2d", "exports"), Not(HasSubstr("no: ")))
      << "what only training does is not written";
  EXPECT_EQ(page("op/add_.Scalar").find("exports"), nullptr);
  EXPECT_EQ(page("layer/cross_entropy").find("exports"), nullptr) << "losses are no part of exported files";
}

TEST(Help, AnOpsPageComesFromItsSchemaAndFromWhereItIsUsed) {
  EXPECT_EQ(findEntry("op/linear")->summary, "x Wᵀ + b over the last dimension.");
  EXPECT_THAT(textOf("op/linear", "facts"), HasSubstr("aten::linear(Tensor input, Tensor weight, Tensor? bias=None)"));
  EXPECT_THAT(textOf("op/linear", "arguments"), HasSubstr("bias | Tensor? | none | "));
  EXPECT_THAT(textOf("op/linear", "layers"), HasSubstr("Linear"));
  EXPECT_THAT(textOf("op/linear", "layers"), HasSubstr("SwiGLU"));
  EXPECT_EQ(textOf("op/linear", "elsewhere"), "torch.nn.functional.linear\n");
  EXPECT_THAT(textOf("op/dropout", "facts"), HasSubstr("It draws random numbers"));
  EXPECT_THAT(textOf("op/batch_norm", "facts"), HasSubstr("It writes to running_mean, running_var"));
  EXPECT_THAT(textOf("op/argmax", "facts"), HasSubstr("It has no gradient."));
  EXPECT_THAT(textOf("op/upsample_bicubic2d", "layers"), HasSubstr("Upsample")) << "found by a further example";
}

TEST(Help, SettingsHavePagesToo) {
  EXPECT_THAT(textOf("optimiser/adamw", "parameters"), HasSubstr("weight_decay | 0.01 | number, at least 0 | "));
  EXPECT_THAT(textOf("optimiser/adamw", "paper"), HasSubstr("arXiv:1711.05101"));
  EXPECT_THAT(textOf("schedule/sequential", "parts"), HasSubstr("sequential("));
  EXPECT_EQ(
      textOf("initialiser/dirac", "facts"),
      "For parameters of 3 to 5 dimensions.\nIn the settings of a run: dirac:*.weight, from the command line --set "
      "initialisers=dirac.\n");
  EXPECT_EQ(textOf("initialiser/orthogonal", "facts").substr(0, 39), "For parameters of 2 dimensions or more.");
  EXPECT_EQ(page("regulariser/l2").formula, "Σ w²");
  EXPECT_EQ(textOf("metric/rmse", "facts"), "For targets that are numbers; lower is better.\n");
  EXPECT_THAT(textOf("source/series", "parameters"), HasSubstr("window | 24 | "));
}

TEST(Help, EveryPageRendersInEveryForm) {
  for (const Entry& e : entries()) {
    const Page& p = page(e.key());
    EXPECT_THAT(p.sections, Not(IsEmpty())) << e.key();
    const std::string text = asText(p);
    EXPECT_EQ(text.rfind(e.title + "  " + word(e.kind), 0), 0u) << e.key();
    EXPECT_THAT(text, Not(HasSubstr("\n\n\n"))) << e.key();
    EXPECT_THAT(text, Not(HasSubstr(" \n"))) << e.key();
    const Json json = toJson(p);
    EXPECT_EQ(json.at("key"), e.key());
    EXPECT_EQ(json.at("sections").size(), p.sections.size());
  }
}

// Tags that are open at the end, or closed without being open.
std::string unbalanced(const std::string& html) {
  static const std::set<std::string> kAlone{"meta", "link", "br", "input", "!DOCTYPE"};
  std::vector<std::string> open;
  const std::regex kTag("<(/?)([!A-Za-z0-9]+)[^>]*>");
  for (std::sregex_iterator it(html.begin(), html.end(), kTag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (kAlone.contains(name)) continue;
    if ((*it)[1].length() == 0)
      open.push_back(name);
    else if (open.empty() || open.back() != name)
      return "</" + name + ">";
    else
      open.pop_back();
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(Help, TheSiteIsSoundAndNeedsNothingFromOutside) {
  const auto files = site();
  EXPECT_THAT(files, SizeIs(entries().size() + 2));
  size_t bytes = 0;
  for (const auto& [path, text] : files) {
    bytes += text.size();
    EXPECT_THAT(text, Not(HasSubstr("http"))) << path;
    EXPECT_THAT(text, Not(HasSubstr(" src="))) << path;
    if (fs::path(path).extension() != ".html") continue;
    const std::string page = text.substr(0, text.find("<script>")) + (path == "index.html" ? "</body></html>" : "");
    EXPECT_EQ(unbalanced(page), "") << path;
    const std::regex kLink("href=\"([^\"]+)\"");
    for (std::sregex_iterator it(text.begin(), text.end(), kLink), end; it != end; ++it) {
      const fs::path target = (fs::path(path).parent_path() / (*it)[1].str()).lexically_normal();
      EXPECT_TRUE(files.contains(target.string())) << path << " links to " << (*it)[1];
    }
  }
  EXPECT_THAT(files.at("help.css"), HasSubstr("prefers-color-scheme: dark"));
  EXPECT_LT(bytes, 3u << 20);
}

TEST(Help, DocsHoldTheSiteAsItIs) {
  constexpr const char* kAgain = "Make it again: rm -r docs/help; build/bin/netwright-cli help --html docs/help";
  const auto files = site();
  std::set<std::string> there;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs/help"))
    if (entry.is_regular_file()) there.insert(fs::relative(entry.path(), kRoot / "docs/help").string());
  for (const auto& [path, text] : files) {
    ASSERT_TRUE(there.erase(path)) << path << " is missing. " << kAgain;
    ASSERT_EQ(readFile(kRoot / "docs/help" / path), text) << path << ". " << kAgain;
  }
  EXPECT_THAT(there, IsEmpty()) << kAgain;
}

TEST(Help, EscapesWhatHtmlWouldRead) { EXPECT_EQ(escaped("a < b & \"c\""), "a &lt; b &amp; &quot;c&quot;"); }

TEST(Help, WrapsWordsAndCountsLetters) {
  EXPECT_EQ(wrapped("äöü äöü äöü", "  ", 9), "  äöü äöü\n  äöü\n");
  EXPECT_EQ(wrapped("", "  ", 9), "");
}

}  // namespace
}  // namespace netwright::help

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/code_form.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCompleter>
#include <QListWidget>
#include <QPointer>
#include <QTest>

#include "core/layers/registry.h"
#include "tests/widgets/bridge/sample_project.h"
#include "widgets/forms/code_editor.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

// x (N, 20) -> expression -> y
class CodeFormTest : public ::testing::Test {
 protected:
  void SetUp() override {
    bridge::SampleProject::clear(model);
    for (const auto& [kind, name] : {std::pair{"input", "data"}, {"expression", "e"}, {"output", "out"}}) {
      graph::Node node = layers::newNode(*layers::findLayer(kind), model.document(), {});
      node.name = name;
      if (kind == std::string("input")) node.params["shape"] = std::vector<int64_t>{20};
      ids.push_back(node.id);
      model.apply(graph::addNode(model.document(), node, kind));
    }
    model.apply(
        graph::connect(model.document(), {{ids[0], layers::findLayer("input")->outputs[0].name}, {ids[1], "x"}}));
  }
  std::string code() const { return std::get<std::string>(model.document().find(ids[1])->params.at("code")); }

  bridge::SampleProject sample{"digits-mlp"};
  bridge::ProjectModel& model = sample.model;
  std::vector<NodeId> ids;
};

void type(CodeEditor& editor, const QString& text) {
  for (const QChar c : text) QTest::keyClick(&editor, c.toLatin1());
}

TEST_F(CodeFormTest, TheFormOfANodeHasAnEditorOfItsCode) {
  ParamForm form(&model);
  form.setNodes({ids[1]});
  form.show();
  ASSERT_TRUE(form.code());
  EXPECT_FALSE(form.editor("code")) << "and no line of text";
  CodeEditor& editor = *form.code()->editor();
  EXPECT_EQ(editor.code(), "y = relu(x)");
  EXPECT_EQ(editor.shapeOf(1), "y (N, 20)");
  editor.setFocus();
  editor.setPlainText("h = x[:, ::2]\ny = h.softmax(dim=-1)");
  EXPECT_EQ(editor.shapeOf(1), "h (N, 10)") << "while it is typed";
  EXPECT_EQ(code(), "y = relu(x)") << "not before it is done";
  QTest::keyClick(&editor, Qt::Key_Return, Qt::ControlModifier);
  EXPECT_EQ(code(), "h = x[:, ::2]\ny = h.softmax(dim=-1)");
  model.undoStack()->undo();
  EXPECT_EQ(code(), "y = relu(x)");
  EXPECT_EQ(form.code()->editor()->code(), "y = relu(x)");
}

TEST_F(CodeFormTest, MistakesAreUnderlinedAndTold) {
  CodeDialog dialog(&model, ids[1]);
  dialog.show();
  dialog.editor()->setPlainText("h = x + 1\ny = rellu(h)");
  ASSERT_EQ(dialog.editor()->extraSelections().size(), 1);
  const QTextEdit::ExtraSelection mark = dialog.editor()->extraSelections().front();
  EXPECT_EQ(mark.cursor.selectedText(), "rellu");
  EXPECT_EQ(mark.format.underlineStyle(), QTextCharFormat::WaveUnderline);
  ASSERT_EQ(dialog.mistakes()->count(), 1);
  EXPECT_EQ(dialog.mistakes()->item(0)->text(), "Line 2: unknown function 'rellu'; did you mean 'relu'?");
  EXPECT_EQ(dialog.editor()->shapeOf(1), "h (N, 20)") << "the lines before keep their shapes";
  Q_EMIT dialog.mistakes()->itemActivated(dialog.mistakes()->item(0));
  EXPECT_EQ(dialog.editor()->textCursor().blockNumber(), 1);
  dialog.editor()->setPlainText("y = relu(x)");
  EXPECT_TRUE(dialog.editor()->extraSelections().isEmpty());
  EXPECT_TRUE(dialog.mistakes()->isHidden());
}

TEST_F(CodeFormTest, ItsWindowClosesWithTheProject) {
  ParamForm form(&model);
  form.setNodes({ids[1]});
  form.show();
  form.code()->openWindow();
  QPointer<CodeDialog> dialog = form.findChild<CodeDialog*>();
  ASSERT_TRUE(dialog);
  dialog->editor()->setPlainText("y = x + 1");
  dialog->accept();
  EXPECT_EQ(code(), "y = x + 1");
  form.code()->openWindow();
  for (CodeDialog* open : form.findChildren<CodeDialog*>())
    if (open->isVisible()) dialog = open;
  model.close();
  EXPECT_FALSE(dialog && dialog->isVisible());
}

TEST_F(CodeFormTest, ProposesAndShowsParameters) {
  CodeDialog dialog(&model, ids[1]);
  dialog.show();
  CodeEditor& editor = *dialog.editor();
  editor.setPlainText("");
  editor.setFocus();
  QApplication::setActiveWindow(&dialog);
  type(editor, "y = x.softm");
  QCompleter& completer = *editor.completer();
  ASSERT_TRUE(completer.popup()->isVisible());
  EXPECT_EQ(completer.popup()->currentIndex().data().toString(), "softmax");
  Q_EMIT completer.activated(QString("softmax"));
  completer.popup()->hide();
  EXPECT_EQ(editor.code(), "y = x.softmax");
  type(editor, "(");
  EXPECT_EQ(editor.hint(), "softmax(self, dim, dtype=None)");
  type(editor, "dim=1)");
  EXPECT_EQ(editor.hint(), "");
  EXPECT_EQ(editor.shapeOf(1), "y (N, 20)");
}

TEST_F(CodeFormTest, NewLinesKeepTheirIndentation) {
  CodeEditor editor;
  editor.show();
  editor.setFocus();
  type(editor, "for i in range(2):");
  editor.completer()->popup()->hide();
  QTest::keyClick(&editor, Qt::Key_Return);
  type(editor, "h = 1");
  editor.completer()->popup()->hide();
  QTest::keyClick(&editor, Qt::Key_Return);
  EXPECT_EQ(editor.code(), "for i in range(2):\n    h = 1\n    ");
}

// Its pictures are kept where NW_PICTURES names a folder.
TEST_F(CodeFormTest, IsDrawnInBothLooks) {
  QList<QImage> dialogs, forms;
  for (const theme::Mode mode : {theme::Mode::Light, theme::Mode::Dark}) {
    theme::Theme::apply(*qApp, mode);
    CodeDialog dialog(&model, ids[1]);
    dialog.editor()->setPlainText(
        "# a gate between two ways\nw = param(40, x.shape[1], init=xavier)\na, b = F.linear(x, w).chunk(2, dim=-1)\n"
        "for i in range(2):\n    a = torch.tanh(a) * 0.5\ny = where(b > 0, a, x[:, ::2])\nz = (a * b).softmx(dim=-1)");
    dialog.resize(900, 520);
    dialog.show();
    ParamForm form(&model);
    form.setNodes({ids[1]});
    form.resize(320, 700);
    form.show();
    QApplication::processEvents();
    dialogs << dialog.grab().toImage();
    forms << form.grab().toImage();
    const QString folder = qEnvironmentVariable("NW_PICTURES"), look = mode == theme::Mode::Light ? "light" : "dark";
    if (folder.isEmpty()) continue;
    EXPECT_TRUE(dialogs.back().save(folder + "/code-" + look + ".png"));
    EXPECT_TRUE(forms.back().save(folder + "/code-form-" + look + ".png"));
  }
  theme::Theme::apply(*qApp, theme::Mode::Light);
  EXPECT_NE(dialogs[0], dialogs[1]);
  EXPECT_NE(forms[0], forms[1]);
}

}  // namespace
}  // namespace netwright::forms

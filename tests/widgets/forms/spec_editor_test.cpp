// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/spec_editor.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>
#include <vector>

#include "core/base/error.h"
#include "core/layers/registry.h"
#include "widgets/forms/number_field.h"

namespace netwright::forms {
namespace {

struct Edited {
  SpecEditor editor;
  std::vector<Attribute> values;
  explicit Edited(const ParamSpec& spec) : editor(spec) {
    QObject::connect(&editor, &SpecEditor::edited, &editor, [this](const Attribute& v) { values.push_back(v); });
    editor.show();
  }
  QLineEdit* line() { return editor.findChild<QLineEdit*>(); }
  void type(const char* text) {
    line()->setFocus();
    line()->selectAll();
    QWidget* keyboard = line()->focusProxy() ? line()->focusProxy() : line();  // a spin box takes its line's keys
    QTest::keyClicks(keyboard, text);
    QTest::keyClick(keyboard, Qt::Key_Return);
  }
};

TEST(SpecEditor, Int_TellsWhatWasTypedOnce) {
  Edited e(intParam("out_channels", 32).min(1));
  e.type("64");
  ASSERT_EQ(e.values, std::vector<Attribute>{int64_t{64}});
  QTest::keyClick(e.line(), Qt::Key_Return);
  EXPECT_EQ(e.values.size(), 1u);
}

// Another legal value than the default, as a person types it; nothing where a field has a choice or a box instead.
std::string otherText(const ParamSpec& spec) {
  if (!spec.choices.empty()) return spec.choices.front();
  std::vector<std::string> candidates{
      "3", "2", "7", "1", "0.25", "2, 3", "1, 2, 3, 4", "2, 2, 2", "5, 5, 5, 5, 5, 5", "bij->bji"};
  for (const std::string& text : candidates) {
    try {
      if (spec.parse(text) != spec.fallback) return text;
    } catch (const Error&) {
    }
  }
  return "";
}

// Each field of each layer: edited by the keyboard or the mouse, it tells a legal value, and its button brings the
// default back.
TEST(SpecEditor, EveryFieldOfEveryLayerCanBeEdited) {
  for (const layers::LayerSpec& layer : layers::registry())
    for (const ParamSpec& spec : layer.params) {
      SCOPED_TRACE(layer.id + "." + spec.name);
      Edited e(spec);
      if (spec.kind == ParamKind::Bool) {
        QTest::mouseClick(e.editor.findChild<QCheckBox*>(), Qt::LeftButton, {}, QPoint(6, 8));
      } else if (spec.kind == ParamKind::Choice) {
        auto* combo = e.editor.findChild<QComboBox*>();
        combo->setFocus();
        if (combo->count() < 2) continue;
        QTest::keyClick(combo, Qt::Key_Down);
        Q_EMIT combo->activated(combo->currentIndex());
      } else {
        const std::string text = otherText(spec);
        ASSERT_NE(text, "");
        if (spec.kind == ParamKind::Inferred) QTest::mouseClick(e.editor.findChild<QToolButton*>(), Qt::LeftButton);
        e.values.clear();
        e.type(text.c_str());
      }
      ASSERT_FALSE(e.values.empty()) << "editing it told nothing; it says: " << e.editor.problem().toStdString();
      EXPECT_NE(e.values.back(), spec.fallback);
      EXPECT_EQ(spec.problem(e.values.back()), std::nullopt);
      if (spec.kind == ParamKind::Inferred) continue;
      for (QToolButton* button : e.editor.findChildren<QToolButton*>())
        if (button->accessibleName().startsWith("Back to the default")) QTest::mouseClick(button, Qt::LeftButton);
      EXPECT_EQ(e.values.back(), spec.fallback);
    }
}

TEST(SpecEditor, Int_KeepsInvalidTextWithTheReasonAndTellsNothing) {
  Edited e(intParam("out_channels", 32).min(1));
  e.type("0");
  EXPECT_TRUE(e.values.empty());
  EXPECT_EQ(e.line()->text(), "0");
  EXPECT_EQ(e.editor.problem(), "Must be at least 1 but is 0.");
  e.editor.setValue(int64_t{32});  // the same value as before: what is typed stays
  EXPECT_EQ(e.line()->text(), "0");
  e.type("abc");
  EXPECT_EQ(e.editor.problem(), "Must be a whole number but is abc.");
  e.type("8");
  EXPECT_EQ(e.editor.problem(), "");
  EXPECT_EQ(e.values, std::vector<Attribute>{int64_t{8}});
}

TEST(SpecEditor, Int_StepsWithinItsRange) {
  Edited e(intParam("groups", 1).min(1).max(2));
  e.line()->setFocus();
  QTest::keyClick(e.editor.field(), Qt::Key_Down);
  EXPECT_TRUE(e.values.empty());
  QTest::keyClick(e.editor.field(), Qt::Key_Up);
  QTest::keyClick(e.editor.field(), Qt::Key_Up);
  EXPECT_EQ(e.values, std::vector<Attribute>{int64_t{2}});
}

TEST(SpecEditor, Float_AcceptsScientificNotation) {
  Edited e(floatParam("lr", 0.001).above(0));
  e.type("1e-4");
  EXPECT_EQ(e.values, std::vector<Attribute>{1e-4});
  EXPECT_EQ(e.line()->text(), "0.0001");
  e.type("0");
  EXPECT_EQ(e.editor.problem(), "Must be above 0 but is 0.");
}

TEST(SpecEditor, IntList_TakesOneNumberOrSeveral) {
  Edited e(intListParam("kernel_size", {3, 3}, 2).min(1));
  EXPECT_EQ(e.line()->text(), "3, 3");
  e.type("5, 7");
  e.type("4");
  EXPECT_EQ(e.values, (std::vector<Attribute>{std::vector<int64_t>{5, 7}, int64_t{4}}));
  e.type("1, 2, 3");
  EXPECT_EQ(e.editor.problem(), "Must be one number or 2 numbers but has 3.");
}

TEST(SpecEditor, Nullable_EmptyMeansNone) {
  ParamSpec spec = intListParam("stride", {}, 2).orNone();
  spec.fallback = None{};
  Edited e(spec);
  e.type("2");
  e.line()->selectAll();
  QTest::keyClick(e.line(), Qt::Key_Delete);
  QTest::keyClick(e.line(), Qt::Key_Return);
  EXPECT_EQ(e.values, (std::vector<Attribute>{int64_t{2}, None{}}));
}

TEST(SpecEditor, Inferred_ShowsTheNumberAndPinsIt) {
  Edited e(inferredParam("in_features"));
  e.editor.setValue(Auto{}, 1568);
  EXPECT_TRUE(e.line()->isReadOnly());
  EXPECT_EQ(e.line()->placeholderText(), "1,568 · auto");
  auto* pin = e.editor.findChild<QToolButton*>();
  QTest::mouseClick(pin, Qt::LeftButton);
  EXPECT_EQ(e.values, std::vector<Attribute>{int64_t{1568}});
  e.editor.setValue(int64_t{1568}, 1568);
  e.type("784");
  QTest::mouseClick(pin, Qt::LeftButton);
  EXPECT_EQ(e.values, (std::vector<Attribute>{int64_t{1568}, int64_t{784}, Auto{}}));
}

TEST(SpecEditor, BoolAndChoice) {
  Edited flag(boolParam("bias", true));
  QTest::keyClick(flag.editor.findChild<QCheckBox*>(), Qt::Key_Space);
  EXPECT_EQ(flag.values, std::vector<Attribute>{false});
  Edited choice(choiceParam("device", {"auto", "cpu", "cuda"}));
  auto* combo = choice.editor.findChild<QComboBox*>();
  combo->setFocus();
  QTest::keyClick(combo, Qt::Key_Down);
  EXPECT_EQ(choice.values, std::vector<Attribute>{std::string("cpu")});
}

TEST(SpecEditor, ResetGoesBackToTheDefault) {
  Edited e(intParam("out_features", 128).min(1));
  e.type("7");
  QTest::mouseClick(e.editor.findChildren<QToolButton*>().last(), Qt::LeftButton);
  EXPECT_EQ(e.values, (std::vector<Attribute>{int64_t{7}, int64_t{128}}));
  EXPECT_EQ(e.line()->text(), "128");
}

TEST(SpecEditor, Inferred_OfSeveralNodesShowsNoWindowOfItsOwn) {
  Edited e(inferredParam("in_features"));
  e.editor.setMixed();
  for (const QWidget* window : QApplication::topLevelWidgets())
    EXPECT_TRUE(window == &e.editor || !window->isVisible()) << window->metaObject()->className();
}

TEST(SpecEditor, MixedValuesAreTypedOver) {
  Edited e(intParam("out_features", 128).min(1));
  e.editor.setMixed();
  QTest::keyClick(e.line(), Qt::Key_Return);
  EXPECT_TRUE(e.values.empty());
  e.type("128");
  EXPECT_EQ(e.values, std::vector<Attribute>{int64_t{128}});
}

}  // namespace
}  // namespace netwright::forms

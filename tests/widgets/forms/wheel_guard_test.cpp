// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/wheel_guard.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace netwright::forms {
namespace {

struct Form {
  QScrollArea area;
  QComboBox* choice = new QComboBox;
  QSpinBox* number = new QSpinBox;
  WheelGuard guard;
  Form() {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->addWidget(choice);
    column->addWidget(number);
    column->addSpacing(2000);
    choice->addItems({"a", "b", "c"});
    number->setValue(5);
    area.setWidget(inside);
    area.resize(200, 200);
    area.show();
    QCoreApplication::processEvents();
    qApp->installEventFilter(&guard);
  }
  // True: the event was taken. One that is not goes on to the parent, where the system sends it.
  bool turn(QWidget* over) {
    QWheelEvent event(QPointF(5, 5), over->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(over, &event);
    return event.isAccepted();
  }
};

TEST(WheelGuardTest, LeavesTheWheelToTheForm) {
  Form form;
  form.area.setFocus();
  EXPECT_FALSE(form.turn(form.choice));
  EXPECT_EQ(form.choice->currentIndex(), 0);
  EXPECT_FALSE(form.turn(form.number));
  EXPECT_EQ(form.number->value(), 5);
  EXPECT_TRUE(form.turn(form.area.viewport()));
  EXPECT_GT(form.area.verticalScrollBar()->value(), 0);
}

TEST(WheelGuardTest, ANumberWithTheFocusFollowsTheWheel) {
  Form form;
  QApplication::setActiveWindow(&form.area);
  form.number->setFocus();
  ASSERT_TRUE(form.number->hasFocus());
  EXPECT_TRUE(form.turn(form.number));
  EXPECT_EQ(form.number->value(), 4);
  form.choice->setFocus();
  EXPECT_FALSE(form.turn(form.choice));
  EXPECT_EQ(form.choice->currentIndex(), 0) << "a closed list does not";
}

}  // namespace
}  // namespace netwright::forms

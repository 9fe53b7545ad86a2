// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/confusion_matrix.h"

#include <gtest/gtest.h>

#include <QTest>
#include <cmath>

#include "widgets/charts/scatter_plot.h"

namespace netwright::charts {
namespace {

TEST(ConfusionMatrix, SaysInWordsWhatACellMeans) {
  ConfusionMatrix m;
  m.display({"cat", "100 %2"}, {8, 2, 0, 0});
  EXPECT_EQ(m.sentence(0, 0), "cat was recognised in 8 of 10 samples (80.0 %).");
  EXPECT_EQ(m.sentence(0, 1), "cat was taken for 100 %2 in 2 of 10 samples (20.0 %).");
  EXPECT_EQ(m.sentence(1, 0), "No sample is 100 %2.");
  EXPECT_EQ(m.csv(), "truth \\ predicted,cat,100 %2\ncat,8,2\n100 %2,0,0\n");
}

TEST(ConfusionMatrix, CellsAreReadByMouseAndKeys) {
  ConfusionMatrix m;
  m.resize(420, 420);
  m.display({"a", "b", "c"}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  m.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&m));
  QTest::mouseClick(&m, Qt::LeftButton, {}, m.cell(1, 2).center().toPoint());
  EXPECT_EQ(m.marked(), QPoint(2, 1));
  EXPECT_EQ(m.accessibleDescription(), m.sentence(1, 2));
  QTest::keyClick(&m, Qt::Key_Down);
  QTest::keyClick(&m, Qt::Key_Left);
  EXPECT_EQ(m.marked(), QPoint(1, 2));
  QTest::keyClick(&m, Qt::Key_Down);
  EXPECT_EQ(m.marked(), QPoint(1, 2)) << "stays within the table";
  EXPECT_LE(m.cell(2, 2).right(), m.width());
  EXPECT_LE(m.cell(2, 2).bottom(), m.height());
}

TEST(ConfusionMatrix, PaintsAnySizeAndNothingWithoutCounts) {
  ConfusionMatrix m;
  m.setEmptyText("nothing yet");
  for (const QSize size : {QSize(220, 200), QSize(900, 300), QSize(40, 40)}) {
    m.resize(size);
    m.display({}, {});
    EXPECT_FALSE(m.grab().isNull());
    QStringList names;
    for (int i = 0; i < 100; ++i) names << QString("class number %1").arg(i);
    m.display(names, std::vector<int64_t>(10000, 3));
    EXPECT_FALSE(m.grab().isNull());
  }
  m.display({"a"}, {1, 2});
  EXPECT_EQ(m.classCount(), 0) << "counts that do not fit are not shown";
}

TEST(ScatterPlot, LeavesOutWhatIsNotFiniteAndSpansBothAxesAlike) {
  ScatterPlot plot;
  plot.resize(300, 300);
  plot.display({1, 2, std::nan("")}, {3, INFINITY, 5});
  EXPECT_EQ(plot.pointCount(), 1u);
  plot.display({0, 10}, {5, 20});
  const Window w = plot.window();
  EXPECT_EQ(w.x0, w.y0);
  EXPECT_EQ(w.x1, w.y1);
  EXPECT_LT(w.x0, 0);
  EXPECT_GT(w.x1, 20);
  EXPECT_FALSE(plot.grab().isNull());
}

}  // namespace
}  // namespace netwright::charts

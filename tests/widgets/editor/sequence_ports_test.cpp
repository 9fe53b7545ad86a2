// SPDX-License-Identifier: GPL-3.0-or-later
// Layers with optional and many ports on the canvas and in the form.
#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "widgets/forms/param_form.h"
#include "widgets/forms/spec_editor.h"

namespace netwright::editor {
namespace {

TEST_F(EditorTest, OptionalPortsWithoutAWire_AreNoErrors) {
  clearGraph();
  for (const char* kind : {"input", "concat", "lstm", "output"})
    scene.addLayer(*layers::findLayer(kind), QPointF(270 * static_cast<double>(document().nodes.size()), 0),
                   std::nullopt);
  view.fit();
  drag(output("input1"), input("concat1", "x1"));
  drag(output("input1"), input("concat1", "x2"));
  drag(output("concat1"), input("output1"));
  const NodeFace& concat = scene.item(id("concat1"))->face();
  ASSERT_EQ(concat.inputs.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(concat.inputs[i].connected, i < 2) << concat.inputs[i].name;
    EXPECT_EQ(concat.inputs[i].optional, i >= 2) << concat.inputs[i].name;
    EXPECT_FALSE(concat.inputs[i].faulty) << concat.inputs[i].name;
  }
  EXPECT_FALSE(concat.severity.has_value());
  EXPECT_EQ(concat.shape, QStringLiteral("N×2×28×28"));
  const QRectF all = scene.item(id("concat1"))->sceneBody();
  EXPECT_TRUE(all.adjusted(-1, 0, 0, 0).contains(scene.item(id("concat1"))->portPosition(true, "x8")));
}

TEST_F(EditorTest, AMissingWireIsShownAtItsPortOnly) {
  clearGraph();
  for (const char* kind : {"lstm", "output"})
    scene.addLayer(*layers::findLayer(kind), QPointF(270 * static_cast<double>(document().nodes.size()), 0),
                   std::nullopt);
  view.fit();
  drag(output("lstm1"), input("output1"));
  const NodeFace& lstm = scene.item(id("lstm1"))->face();
  ASSERT_EQ(lstm.inputs.size(), 3u);
  EXPECT_TRUE(lstm.inputs[0].faulty);
  EXPECT_FALSE(lstm.inputs[1].faulty || lstm.inputs[2].faulty);
  EXPECT_EQ(lstm.outputs.size(), 3u);
  EXPECT_TRUE(lstm.category == layers::Category::Sequence);
}

TEST_F(EditorTest, SequenceLayersHaveAFieldForEachParameter) {
  for (const char* kind : {"concat", "embedding", "lstm", "multihead_attention"}) {
    clearGraph();
    const layers::LayerSpec& layer = *layers::findLayer(kind);
    const NodeId added = scene.addLayer(layer, QPointF(0, 0), std::nullopt);
    scene.select({added});
    QApplication::processEvents();
    for (const ParamSpec& p : layer.params)
      EXPECT_NE(page.form()->editor(p.name.c_str()), nullptr) << kind << " " << p.name;
  }
}

}  // namespace
}  // namespace netwright::editor

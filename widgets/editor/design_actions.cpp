// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/design_actions.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QGuiApplication>
#include <algorithm>

#include "core/base/error.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/canvas_settings.h"
#include "widgets/editor/find_bar.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/minimap.h"
#include "widgets/editor/picture.h"
#include "widgets/theme/icon.h"

namespace netwright::editor {
namespace {

constexpr const char* kSnap = "design/snap";
constexpr double kFitMargins = 72;

QString tr(const char* text) { return QCoreApplication::translate("DesignActions", text); }

void savePictureAs(GraphScene& scene, GraphView& view) {
  const bool part = !scene.selectionRect().isNull();
  const QString name = QString::fromStdString(scene.model().project().name);
  QString path = QFileDialog::getSaveFileName(
      &view, part ? tr("Save what is chosen as a picture") : tr("Save the network as a picture"),
      QString::fromStdString((scene.model().folder() / "network.png").string()), tr("Pictures (*.png *.svg)"));
  if (path.isEmpty()) return;
  if (!path.endsWith(".svg", Qt::CaseInsensitive) && !path.endsWith(".png", Qt::CaseInsensitive)) path += ".png";
  try {
    savePicture(scene, path, {.selectionOnly = part});
    scene.hint(tr("Saved %1.").arg(path));
  } catch (const Error& e) {
    scene.hint(QString::fromStdString(e.title + " " + e.why + " " + e.next));
  }
}

// Adds one action after the other.
class Maker {
 public:
  Maker(DesignActions& actions, QObject* owner) : actions_(actions), owner_(owner) {}

  template <class F>
  QAction* add(const char* id, const char* icon, const QString& text, const QList<QKeySequence>& keys,
               const QString& help, F run) {
    auto* action = new QAction(text, owner_);
    action->setObjectName(QString("design.") + id);
    if (*icon) action->setIcon(theme::icon(icon));
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    QString tip = help.isEmpty() ? QString(text).remove(QChar(0x2026)) : help;
    if (!keys.isEmpty()) tip += QString(" (%1)").arg(keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    QObject::connect(action, &QAction::triggered, owner_, run);
    actions_.all << action;
    return action;
  }
  template <class F>
  QAction* toggle(const char* id, const char* icon, const QString& text, const QList<QKeySequence>& keys,
                  const QString& help, bool on, F run) {
    QAction* action = add(id, icon, text, keys, help, run);
    action->setCheckable(true);
    action->setChecked(on);
    return action;
  }

 private:
  DesignActions& actions_;
  QObject* owner_;
};

void addEditing(Maker& make, GraphScene& scene, GraphView& view) {
  make.add("add", "plus", tr("Add a layer…"), {Qt::Key_Space}, tr("Add a layer by its name"),
           [&view] { view.askForLayer(); });
  make.add("frame", "frame", tr("Put a frame round the selection"), {QKeySequence("Ctrl+G")},
           tr("A titled box that moves what lies in it"), [&view] { view.addFrame(); });
  make.add("note", "note", tr("Add a note"), {Qt::Key_N}, tr("A note in Markdown on the canvas"),
           [&view] { view.addNote(); });
  make.add("connect", "link", tr("Connect…"), {Qt::Key_C}, tr("Connect the chosen layer by a list of ports"),
           [&view] { view.connectByList(); });
  make.add("edit", "settings", tr("Edit in the form"), {Qt::Key_Return, Qt::Key_Enter},
           tr("Go to the form of the chosen layer, or write the chosen note"), [&view] { view.editSelection(); });
  make.add("edit-here", "", tr("Edit on the node"), {Qt::Key_F2},
           tr("Edit the main parameters in the node itself, or the text of a frame"), [&view] { view.editHere(); });
  make.add("problems", "warning", tr("Show the layer's problems"), {QKeySequence("Ctrl+.")},
           tr("What is wrong with the chosen layer, and what repairs it"), [&view] { view.showProblems(); });
  make.add("cut", "", tr("Cut"), QKeySequence::keyBindings(QKeySequence::Cut), {},
           [&scene] { scene.copySelection(true); });
  make.add("copy", "copy", tr("Copy"), QKeySequence::keyBindings(QKeySequence::Copy),
           tr("Copy the selection as text (JSON)"), [&scene] { scene.copySelection(); });
  make.add("paste", "import", tr("Paste"), QKeySequence::keyBindings(QKeySequence::Paste),
           tr("Paste layers that were copied as text"), [&scene] { scene.pasteClipboard(); });
  make.add("duplicate", "layers", tr("Duplicate"), {QKeySequence("Ctrl+D")}, {},
           [&scene] { scene.duplicateSelection(); });
  make.add("delete", "trash", tr("Delete"), {Qt::Key_Delete, Qt::Key_Backspace},
           tr("Delete the selection and join what it connected"), [&scene] { scene.removeSelection(); });
  make.add("select-all", "", tr("Select all"), QKeySequence::keyBindings(QKeySequence::SelectAll), {},
           [&scene] { scene.selectAll(); });
}

void addBlocks(Maker& make, GraphScene& scene) {
  make.add("freeze", "lock", tr("Freeze the weights, or train them again"), {QKeySequence("Ctrl+Shift+F")},
           tr("Runs leave the weights of the chosen layers as they are"), [&scene] { scene.toggleFrozen(); });
  make.add("bypass", "", tr("Bypass, or let take part again"), {QKeySequence("Ctrl+M")},
           tr("What comes into the chosen layers goes out unchanged, as if they were wires"),
           [&scene] { scene.toggleBypass(); });
  make.add("reroute", "", tr("Put a dot into the wire"), {QKeySequence("Ctrl+Shift+R")},
           tr("A dot leads the chosen wire around; other wires may begin there"),
           [&scene] { scene.rerouteSelection(); });
  make.add("pack", "layers", tr("Make a block of the selection"), {QKeySequence("Ctrl+B")},
           tr("Puts the chosen layers into a block that can be used again"), [&scene] { scene.packSelection(); });
  make.add("unpack", "", tr("Unpack the block"), {QKeySequence("Ctrl+Shift+B")},
           tr("Puts the layers of the chosen block in its place"), [&scene] { scene.unpackSelection(); });
  make.add("enter-block", "", tr("Enter the block"), {QKeySequence("Alt+Down"), QKeySequence("Ctrl+Return")},
           tr("Shows what is inside the chosen block"), [&scene] { scene.enterSelection(); });
  make.add("leave-block", "", tr("Leave the block"), {QKeySequence("Alt+Up")}, tr("Back to where the block is used"),
           [&scene] { scene.model().leave(); });
  make.add("next-body", "", tr("Show the other body"), {QKeySequence("Alt+Right")},
           tr("From then to otherwise, or to the next body of a Switch"), [&scene] { scene.showNextBody(); });
  make.add("make-unique", "", tr("Make the block unique"), {},
           tr("Gives the chosen instance a definition of its own, a copy"), [&scene] { scene.makeSelectionUnique(); });
  make.add("keep-block", "save", tr("Keep the block for other projects"), {},
           tr("Saves the block as a text file in your library; the palette lists it in every project"),
           [&scene] { scene.saveBlock(); });
}

void addLayout(Maker& make, GraphScene& scene, GraphView& view) {
  const auto room = [&view] { return QSizeF(view.viewport()->size()) - QSizeF(kFitMargins, kFitMargins); };
  make.add("arrange", "graph", tr("Arrange all layers"), {QKeySequence("Ctrl+L")}, {}, [&scene, &view, room] {
    scene.arrange(room());
    view.fit();
  });
  make.add("arrange-selection", "", tr("Arrange the chosen layers"), {QKeySequence("Ctrl+Shift+L")}, {},
           [&scene, room] { scene.arrange(room(), true); });
  const auto align = [&](const char* id, const QString& text, const char* keys, Align how) {
    make.add(id, "", text, *keys ? QList<QKeySequence>{QKeySequence(keys)} : QList<QKeySequence>(), {},
             [&scene, how] { scene.align(how); });
  };
  align("align-left", tr("Align left edges"), "Ctrl+Shift+Left", Align::Left);
  align("align-centre", tr("Align centres"), "", Align::Centre);
  align("align-right", tr("Align right edges"), "Ctrl+Shift+Right", Align::Right);
  align("align-top", tr("Align top edges"), "Ctrl+Shift+Up", Align::Top);
  align("align-middle", tr("Align middles"), "", Align::Middle);
  align("align-bottom", tr("Align bottom edges"), "Ctrl+Shift+Down", Align::Bottom);
  make.add("distribute-horizontally", "", tr("Distribute horizontally"), {QKeySequence("Ctrl+Shift+H")},
           tr("Equal gaps between the chosen layers, from left to right"), [&scene] { scene.distribute(true); });
  make.add("distribute-vertically", "", tr("Distribute vertically"), {QKeySequence("Ctrl+Shift+J")},
           tr("Equal gaps between the chosen layers, from top to bottom"), [&scene] { scene.distribute(false); });
  scene.setSnaps(canvasSetting(kSnap, true));
  make.toggle("snap", "", tr("Snap to the grid"), {}, tr("Layers that are dragged stand on the grid of the canvas"),
              scene.snaps(), [&scene](bool on) {
                scene.setSnaps(on);
                rememberCanvasSetting(kSnap, on);
              });
}

void addViewing(Maker& make, GraphScene& scene, GraphView& view) {
  make.add("find", "search", tr("Find…"), {QKeySequence("Ctrl+F")}, tr("Find layers by name, type or value"),
           [&view] { view.findBar()->open(); });
  make.add("find-next", "", tr("Find the next"), {Qt::Key_F3}, {}, [&view] { view.findBar()->step(true); });
  make.add("fit", "fit", tr("Fit the view"), {Qt::Key_F}, tr("Fit the network into the view"), [&view] { view.fit(); });
  make.add("fit-selection", "", tr("Fit the selection"), {QKeySequence("Shift+F")},
           tr("Fit what is chosen into the view"), [&view] { view.fitSelection(); });
  make.add("zoom-100", "", tr("Zoom to 100 %"), {QKeySequence("Ctrl+0")}, {}, [&view] { view.resetZoom(); });
  QList<QKeySequence> in = QKeySequence::keyBindings(QKeySequence::ZoomIn);
  in << QKeySequence("Ctrl+=");
  make.add("zoom-in", "zoom-in", tr("Zoom in"), in, {}, [&view] { view.zoomBy(1.2); });
  make.add("zoom-out", "zoom-out", tr("Zoom out"), QKeySequence::keyBindings(QKeySequence::ZoomOut), {},
           [&view] { view.zoomBy(1 / 1.2); });
  make.toggle("minimap", "map", tr("Show the map"), {Qt::Key_M}, tr("The whole network in small, in a corner"),
              view.minimap()->isWanted(), [&view](bool on) { view.minimap()->setWanted(on); });
  make.toggle("wheel-zooms", "", tr("The wheel zooms"), {},
              tr("Without it the wheel moves the canvas, and zooms with Ctrl held down"), view.wheelZooms(),
              [&view](bool on) { view.setWheelZooms(on); });
  make.add("save-picture", "image", tr("Save as a picture…"), {QKeySequence("Ctrl+Shift+E")},
           tr("The network, or what is chosen, as PNG or SVG"), [&scene, &view] { savePictureAs(scene, view); });
  make.add("copy-picture", "", tr("Copy as a picture"), {QKeySequence("Ctrl+Shift+C")}, {}, [&scene] {
    const QImage image = drawPicture(scene, {.selectionOnly = !scene.selectionRect().isNull()});
    if (image.isNull()) return;
    QGuiApplication::clipboard()->setImage(image);
    scene.hint(tr("Copied a picture of %1×%2 pixels.").arg(image.width()).arg(image.height()));
  });
}

}  // namespace

QAction* DesignActions::operator[](const char* id) const {
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const QAction* a) { return a->objectName() == QString("design.") + id; });
  Q_ASSERT(it != all.end());
  return *it;
}

DesignActions makeDesignActions(GraphScene& scene, GraphView& view, QObject* owner) {
  DesignActions actions;
  Maker make(actions, owner);
  addEditing(make, scene, view);
  addBlocks(make, scene);
  addLayout(make, scene, view);
  addViewing(make, scene, view);
  return actions;
}

void updateDesignActions(const DesignActions& actions, const GraphScene& scene) {
  const bool open = scene.model().isOpen(), any = !scene.document().nodes.empty();
  const size_t nodes = scene.selectedNodes().size(), annotations = scene.selectedAnnotations().size();
  const bool chosen = nodes + annotations > 0;
  for (const char* id : {"add", "frame", "note", "paste", "select-all"}) actions[id]->setEnabled(open);
  for (const char* id : {"arrange", "find", "find-next", "fit", "save-picture", "copy-picture"})
    actions[id]->setEnabled(any || !scene.document().annotations.empty());
  for (const char* id : {"cut", "copy", "duplicate", "edit", "edit-here", "fit-selection"})
    actions[id]->setEnabled(chosen);
  for (const char* id : {"connect", "problems"}) actions[id]->setEnabled(nodes == 1);
  const graph::Node* one = nodes == 1 ? scene.document().find(scene.selectedNodes().front()) : nullptr;
  for (const char* id : {"pack", "bypass"}) actions[id]->setEnabled(nodes > 0);
  actions["freeze"]->setEnabled(nodes > 0);
  const bool instance = one && one->kind == graph::kInstance;
  for (const char* id : {"unpack", "make-unique"}) actions[id]->setEnabled(instance);
  actions["enter-block"]->setEnabled(one && !one->bodies.empty());
  actions["reroute"]->setEnabled(scene.selectedWires().size() == 1);
  actions["next-body"]->setEnabled(graph::bodyStep(scene.model().view()).has_value());
  actions["keep-block"]->setEnabled((one && !one->bodies.empty()) || scene.model().view().block);
  actions["leave-block"]->setEnabled(static_cast<bool>(scene.model().view().block));
  actions["delete"]->setEnabled(chosen || !scene.selectedWires().empty());
  for (const char* id :
       {"arrange-selection", "align-left", "align-centre", "align-right", "align-top", "align-middle", "align-bottom"})
    actions[id]->setEnabled(nodes > 1);
  for (const char* id : {"distribute-horizontally", "distribute-vertically"}) actions[id]->setEnabled(nodes > 2);
}

}  // namespace netwright::editor

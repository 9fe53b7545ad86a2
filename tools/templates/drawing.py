# SPDX-License-Identifier: Apache-2.0
"""A project as a Python program writes it: nodes are placed from left to right in rows, rows in frames, frames below each other. Used by
the files beside it, which are the templates."""
import contextlib
import math

PITCH, ROW = 210, 150          # between the left edges of neighbours, and the tops of rows; a node is 170 x 90
WIDTH, HEIGHT = 170, 90
FRAME_SIDE, FRAME_TOP, FRAME_BOTTOM, FRAME_GAP = 30, 50, 30, 40


class Node:
    def __init__(self, number, port="y"):
        self.number, self.port = number, port

    def __getitem__(self, port):
        """The node's output of this name."""
        return Node(self.number, port)


class Drawing:
    def __init__(self, layers):
        self.layers = {layer["id"]: layer for layer in layers}   # of `netwright-cli layers --json`
        self.nodes, self.wires, self.annotations, self.names = [], [], [], set()
        self.last, self.x, self.y = None, 0, 0

    def add(self, kind, name, *sources, at=None, **params):
        """Places a layer behind the last one, or `at` (columns, rows) from the next place, and wires its inputs: to the last one if no
        sources are given; a source of a port that is not the next one goes by the port's name. Parameters that are not given have their
        defaults."""
        layer = self.layers[kind]
        named = {port["name"]: params.pop(port["name"]) for port in layer["inputs"] if port["name"] in params}
        defaults = {p["name"]: p["default"] for p in layer["params"]}
        unknown = set(params) - set(defaults)
        if unknown or name in self.names:
            raise ValueError(f"{kind} '{name}': {'unknown ' + ', '.join(unknown) if unknown else 'the name is taken'}")
        self.names.add(name)
        node = Node(len(self.nodes) + 1, layer["outputs"][0]["name"] if layer["outputs"] else "")
        column, row = at or (0, 0)
        self.nodes.append({"id": node.number, "kind": kind, "version": layer["version"], "name": name, "params": {**defaults, **params},
                           "position": [float(self.x + column * PITCH), float(self.y + row * ROW)]})
        ports = [p["name"] for p in layer["inputs"]]
        if not sources and ports:
            sources = [self.last]
        for source, port in [*zip(sources, ports), *((source, port) for port, source in named.items())]:
            self.wires.append([f"{source.number}.{source.port}", f"{node.number}.{port}"])
        if at is None:
            self.x += PITCH
        self.last = node
        return node

    def row(self, count=1):
        """Begins a new row."""
        self.x, self.y = 0, self.y + count * ROW

    def skip(self, columns):
        self.x += columns * PITCH

    @contextlib.contextmanager
    def frame(self, title, colour="blue"):
        """A box around all that is added within; what follows begins below it."""
        if self.nodes:
            below = max(n["position"][1] for n in self.nodes) + HEIGHT
            self.y = below + FRAME_BOTTOM + FRAME_GAP + FRAME_TOP
        self.x, first = 0, len(self.nodes)
        yield
        inside = [n["position"] for n in self.nodes[first:]]
        left, top = (min(p[i] for p in inside) for i in (0, 1))
        right, bottom = max(p[0] for p in inside) + WIDTH, max(p[1] for p in inside) + HEIGHT
        self._annotate("frame", title, colour, left - FRAME_SIDE, top - FRAME_TOP,
                       right - left + 2 * FRAME_SIDE, bottom - top + FRAME_TOP + FRAME_BOTTOM)

    def note(self, text, width=520):
        """Explains the whole: to the left of it."""
        lines = sum(max(1, math.ceil(len(line) / (width / 6.6))) + (0.7 if not line else 0) for line in text.strip().split("\n"))
        top = min([0] + [a["position"][1] for a in self.annotations])
        left = min([0] + [a["position"][0] for a in self.annotations])
        self._annotate("note", text.strip(), "amber", left - width - 60, top, width, 40 + 20 * math.ceil(lines))

    def _annotate(self, kind, text, colour, x, y, width, height):
        self.annotations.append({"id": len(self.annotations) + 1, "kind": kind, "text": text, "colour": colour,
                                 "position": [float(x), float(y)], "size": [float(width), float(height)]})

    def graph(self):
        return {"nodes": self.nodes, "wires": self.wires, "annotations": self.annotations}

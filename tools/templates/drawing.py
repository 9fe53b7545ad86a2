# SPDX-License-Identifier: Apache-2.0
"""A project as a Python program writes it: nodes are placed from left to right in rows, rows in frames, frames below each other. Used by
the files beside it, which are the templates."""
import contextlib
import math

PITCH, ROW = 210, 150          # between the left edges of neighbours, and the tops of rows
WIDTH, HEIGHT = 170, 90        # of a node with up to two ports on a side; each more makes it 20 higher
FRAME_SIDE, FRAME_TOP, FRAME_BOTTOM, FRAME_GAP = 30, 50, 30, 40


def noteheight(text, width):
    """Pixels that a note takes, a little more rather than less."""
    lines = [math.ceil(len(line) * 6.4 / (width - 24)) * 17.5 + (18 if line.startswith("#") else 0) if line else 9 for line in text.strip().split("\n")]
    return 24 + sum(lines)


def formula(text):
    """A parameter's value that is computed of a block's parameters or of variables."""
    return {"formula": text}


class Node:
    def __init__(self, number, port="y"):
        self.number, self.port = number, port

    def __getitem__(self, port):
        """The node's output of this name."""
        return Node(self.number, port)


class Drawing:
    def __init__(self, layers):
        self.layers = dict(layers)               # by id: of `netwright-cli layers --json`, and blocks by their name
        self.blocks = []
        self.nodes, self.wires, self.annotations, self.names = [], [], [], set()
        self.last, self.x, self.y = None, 0, 0   # the next node's place
        self.left = 0                            # where rows begin

    def _running(self, kind, bodies):
        """A layer of control flow with the ports of the blocks that it runs."""
        layer, hidden = self.layers[kind], {"step", "again"} if kind == "loop" else set()
        body = self.layers[bodies[0]]
        ports = {side: [p for p in body[side] if p["name"] not in hidden] for side in ("inputs", "outputs")}
        return {**layer, "inputs": ports["inputs"] + layer["inputs"], "outputs": ports["outputs"]}

    def add(self, kind, name, *sources, at=None, bodies=(), **params):
        """Places a layer behind the last one, or `at` (columns, rows) from the next place, and wires its inputs: to the last one if no
        sources are given; a source of a port that is not the next one goes by the port's name. Parameters that are not given have their
        defaults. `bodies`: the blocks that a layer of control flow runs."""
        layer = self._running(kind, bodies) if bodies else self.layers[kind]
        block = layer.get("block")
        runs = [self.layers[b]["block"] for b in bodies] or ([block] if block else [])
        named = {port["name"]: params.pop(port["name"]) for port in layer["inputs"] if isinstance(params.get(port["name"]), Node)}
        defaults = {p["name"]: p["default"] for p in layer["params"]}
        unknown = set(params) - set(defaults)
        if unknown or name in self.names:
            raise ValueError(f"{kind} '{name}': {'unknown ' + ', '.join(unknown) if unknown else 'the name is taken'}")
        self.names.add(name)
        node = Node(len(self.nodes) + 1, layer["outputs"][0]["name"] if layer["outputs"] else "")
        column, row = at or (0, 0)
        self.nodes.append({"id": node.number, "kind": "block" if block else kind, "version": layer["version"], "name": name,
                           "params": {**defaults, **params}, **({"bodies": runs} if runs else {}),
                           "position": [float(self.x + column * PITCH), float(self.y + row * ROW)]})
        ports = [p["name"] for p in layer["inputs"]]
        if not sources and ports and self.last and not (named and (bodies or kind == "expression")):
            sources = [self.last]
        for source, port in [*zip(sources, ports), *((source, port) for port, source in named.items())]:
            self.wires.append([f"{source.number}.{source.port}", f"{node.number}.{port}"])
        if at is None:
            self.x += PITCH
        self.last = node
        return node

    def share(self, name, other):
        """Node `name` uses the weights of `other`."""
        numbers = {n["name"]: n["id"] for n in self.nodes}
        self.nodes[numbers[name] - 1]["shared"] = {"*": {"owner": [numbers[other]], "slot": ""}}

    def define(self, name, doc, draw, **params):
        """A block of that name, which `add` knows as a kind from now on. `draw` gets a drawing of its own, where `block_input` and
        `block_output` are the ports; `params` are the block's parameters with their defaults."""
        body = Drawing(self.layers)
        draw(body)
        kinds = {bool: "bool", int: "int", float: "float", str: "text"}
        specs = [{"name": p, "kind": kinds[type(v)], "default": v, "main": i == 0} for i, (p, v) in enumerate(params.items())]
        ports = {side: [{"name": n["name"], "when": ""} for n in body.nodes if n["kind"] == kind]
                 for side, kind in (("inputs", "block_input"), ("outputs", "block_output"))}
        number = len(self.blocks) + 1
        self.blocks.append({"id": number, "name": name, "doc": doc, "params": specs, "body": body.graph()})
        usual = [{"name": "repeat", "default": 1}, {"name": "time_distributed", "default": False}]
        self.layers[name] = {"block": number, "version": 1, **ports, "params": [{"name": s["name"], "default": s["default"]} for s in specs] + usual}

    def row(self, count=1):
        """Begins a new row, `count` times the usual distance below this one."""
        self.x, self.y = self.left, self.y + count * ROW

    def skip(self, columns):
        self.x += columns * PITCH

    def height(self, node):
        bodies = [next(name for name, l in self.layers.items() if l.get("block") == b) for b in node.get("bodies", ())]
        layer = self.layers[node["kind"]] if not bodies else self.layers[bodies[0]] if node["kind"] == "block" else self._running(node["kind"], bodies)
        ports = max(sum(not p["when"] for p in layer[side]) for side in ("inputs", "outputs"))
        return HEIGHT + 20 * max(0, ports - 2)

    @contextlib.contextmanager
    def frame(self, title, colour="blue", at=None):
        """A box around all that is added within, below all others or with its first node `at` this place."""
        if at:
            self.x, self.y = at
        elif self.nodes:
            below = max(n["position"][1] + self.height(n) for n in self.nodes)
            self.x, self.y = 0, below + FRAME_BOTTOM + FRAME_GAP + FRAME_TOP
        self.left, first = self.x, len(self.nodes)
        yield
        inside = self.nodes[first:]
        left, top = (min(n["position"][i] for n in inside) for i in (0, 1))
        right, bottom = max(n["position"][0] for n in inside) + WIDTH, max(n["position"][1] + self.height(n) for n in inside)
        self._annotate("frame", title, colour, left - FRAME_SIDE, top - FRAME_TOP,
                       right - left + 2 * FRAME_SIDE, bottom - top + FRAME_TOP + FRAME_BOTTOM)

    def note(self, text, above=False):
        """Explains the whole: to the right of the first frame if there is room, else to the left of everything, or `above` it."""
        frames = [a for a in self.annotations if a["kind"] == "frame"]
        first = frames[0]
        right = max(f["position"][0] + f["size"][0] for f in frames)
        if above:
            left, top = (min(f["position"][i] for f in frames) for i in (0, 1))
            height = noteheight(text, right - left)
            self._annotate("note", text.strip(), "amber", left, top - FRAME_GAP - height, right - left, height)
            return
        beside, bottom = first["position"][0] + first["size"][0] + FRAME_GAP, first["position"][1] + first["size"][1]
        width = min(right - beside, 1100.0)
        if width >= 700 and all(f["position"][1] > bottom for f in frames[1:]):
            height = noteheight(text, width)
            self._annotate("note", text.strip(), "amber", beside, bottom - height, width, height)
        else:
            self._annotate("note", text.strip(), "amber", first["position"][0] - 460 - FRAME_GAP, first["position"][1], 460, noteheight(text, 460))

    def _annotate(self, kind, text, colour, x, y, width, height):
        self.annotations.append({"id": len(self.annotations) + 1, "kind": kind, "text": text, "colour": colour,
                                 "position": [float(x), float(y)], "size": [float(width), float(height)]})

    def graph(self):
        graph = {"nodes": self.nodes, "wires": self.wires}
        if self.annotations:
            graph["annotations"] = self.annotations
        if self.blocks:
            graph["blocks"] = self.blocks
        return graph

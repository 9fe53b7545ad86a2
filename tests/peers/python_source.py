# SPDX-License-Identifier: Apache-2.0
"""Looks at the Python that exports write. As a program: python_source.py FILE... prints what is wrong with each file."""
import ast
import sys


def unused_names(text):
    """What a source imports or assigns and never reads."""
    tree = ast.parse(text)
    bodies = [s for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for s in c.body if isinstance(s, (ast.Assign, ast.AnnAssign))]
    fields = {n for s in bodies for n in ast.walk(s)}   # of classes: others read them
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    imported = {(a.asname or a.name).split(".")[0] for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names}
    assigned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id != "_" and n not in fields}
    defined = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))} - {"load"}   # for others to call
    return (imported | assigned | defined) - read


def problems(path):
    text = open(path).read()
    compile(text, path, "exec")
    found = [f"{name} is never read" for name in sorted(unused_names(text))]
    found += [f"line {i} ends with a blank" for i, line in enumerate(text.split("\n"), 1) if line != line.rstrip()]
    found += [f"line {i} has {len(line)} characters" for i, line in enumerate(text.split("\n"), 1) if len(line) > 140]
    return [f"{path}: {problem}" for problem in found]


if __name__ == "__main__":
    all_problems = [problem for path in sys.argv[1:] for problem in problems(path)]
    print("\n".join(all_problems))
    sys.exit(1 if all_problems else 0)

"""Reads migration files with CPython's own parser and prints what it finds as JSON: for each path that is given, its graph parts and
operations where they are written out, and null where they are not. A file that Python refuses gives its error."""

import ast
import json
import sys


def dotted(node):
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return head and head + "." + node.attr
    return node.id if isinstance(node, ast.Name) else None


def reference(node):
    if isinstance(node, ast.Call) and (dotted(node.func) or "").endswith("swappable_dependency"):
        of = node.args[0]
        if isinstance(of, ast.Constant):
            return [of.value.split(".")[0], "__first__"]
        return ["", "__first__"]
    pair = ast.literal_eval(node)
    return list(pair) if len(pair) == 2 else None


def references(node):
    try:
        return [reference(e) for e in node.elts]
    except (ValueError, AttributeError):
        return None


def operation(node):
    if not isinstance(node, ast.Call) or dotted(node.func) is None:
        return None
    name = dotted(node.func).split(".")[-1]
    reverse = ""
    if name in ("RunPython", "RunSQL") and not any(isinstance(a, ast.Starred) for a in node.args) and all(k.arg for k in node.keywords):
        args = {k.arg: k.value for k in node.keywords}
        value = args.get("reverse_code" if name == "RunPython" else "reverse_sql", node.args[1] if len(node.args) > 1 else None)
        none = value is None or isinstance(value, ast.Constant) and value.value is None
        reverse = "no" if none else "yes"
    return [name, node.lineno, reverse]


def read(source):
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError) as e:
        return {"error": str(e)}
    found = {"dependencies": [], "run_before": [], "replaces": [], "operations": [], "classes": 0}
    for node in module.body:
        if not isinstance(node, ast.ClassDef) or node.name != "Migration":
            continue
        found["classes"] += 1
        for part in node.body:
            target = part.targets[0] if isinstance(part, ast.Assign) else getattr(part, "target", None)
            name = getattr(target, "id", None)
            if isinstance(part, ast.AugAssign) or not isinstance(part, (ast.Assign, ast.AnnAssign)):
                if name in found or isinstance(part, (ast.If, ast.For, ast.With, ast.Try)):
                    found["operations"] = None
                continue
            if name in ("dependencies", "run_before", "replaces"):
                found[name] = references(part.value)
            elif name == "operations":
                plain = isinstance(part.value, (ast.List, ast.Tuple))
                found["operations"] = [operation(e) for e in part.value.elts] if plain else None
    return found


print(json.dumps([read(open(path, "rb").read()) for path in json.load(sys.stdin)]))

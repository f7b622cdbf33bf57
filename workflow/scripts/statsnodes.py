"""The nodes of a BIDS Stats Model: which of them is served, and the contrasts whose maps come to it.

Plain Python, loaded by settings.py for statsmodel.py.
"""

elsewhere = None  # a module, set by settings.py


def node_of(model, path, name):
    """The node that is to be served: the only one, or that of a name; those before it have made the maps, then."""
    doubled = [n.Name for n in model.Nodes if [other.Name for other in model.Nodes].count(n.Name) > 1]
    if doubled:
        raise elsewhere.Refused(f"{path}: more than one node is named '{doubled[0]}'; give each its own name.")
    datasets = [node.Name for node in model.Nodes if node.Level == "Dataset"]
    if name is not None:
        if name not in datasets:
            raise elsewhere.Refused(
                f"{path} has no dataset-level node '{name}'; it has {', '.join(datasets) or 'none'}."
            )
        return next(node for node in model.Nodes if node.Name == name)
    for node in model.Nodes:
        if node.Level != "Dataset":
            raise elsewhere.Refused(
                f"{path}: the node '{node.Name}' of the level {node.Level} would have to be estimated, and only "
                "dataset-level nodes are; if your maps are what it makes, say so by naming the dataset-level node: "
                f"'model: {{file: {path}, node: {datasets[0] if datasets else 'NAME'}}}'."
            )
    if len(datasets) != 1:
        raise elsewhere.Refused(
            f"{path} has the dataset-level nodes {', '.join(datasets) or '(none)'}; name one: "
            f"'model: {{file: {path}, node: NAME}}'."
        )
    return model.Nodes[0]


def incoming(model, node, where, before=()):
    """Names of the contrasts whose maps come to a node; none where the model does not say."""
    if node.Name in before:
        raise elsewhere.Refused(f"{where}: its Edges lead back to it; correct them.")
    nodes, names = {one.Name: one for one in model.Nodes}, []
    edges = [(edge.Source, edge.Destination, edge.Filter or {}) for edge in model.Edges or ()]
    edges = edges or [(a.Name, b.Name, {}) for a, b in zip(model.Nodes, model.Nodes[1:], strict=False)]
    into = [(source, chosen) for source, destination, chosen in edges if destination == node.Name]
    for source, chosen in into:
        if source not in nodes or set(chosen) - {"contrast"}:
            wrong = "comes from no node" if source not in nodes else f"filters by {', '.join(chosen)}, not by contrast"
            raise elsewhere.Refused(f"{where}: the Edge from '{source}' {wrong}; correct it.")
        there = outgoing(model, nodes[source], where, (*before, node.Name))
        asked = list(map(str, chosen.get("contrast", there)))
        lacking = [name for name in asked if there and name not in there]
        if lacking:
            raise elsewhere.Refused(
                f"{where}: the Edge from '{source}' asks for the contrast '{lacking[0]}', but that node has "
                f"{', '.join(there)}."
            )
        names += asked
    return names if into else list(map(str, (model.Input or {}).get("contrast", [])))


def outgoing(model, node, where, before):
    """Names of the contrasts that a node makes: a mean over its maps is called as they are."""
    dummies, own = node.DummyContrasts, [contrast.Name for contrast in node.Contrasts or ()]
    if dummies:
        own += node.Model.X if dummies.Contrasts is None else dummies.Contrasts
    there = incoming(model, node, where, before)
    several = [f"{name}_{one}" for one in own if one != 1 for name in there] or [one for one in own if one != 1]
    return (there if 1 in own else []) + several


def of_contrast(settings, names, name=None):
    """What the analysis of the maps of a contrast has for itself: where its maps are."""
    if name is None or (settings["dataset"] != "own" and len(names) == 1):
        return {}
    own, label = settings["datasets"]["own"], elsewhere.label(name)
    maps = own["maps"] if settings["dataset"] == "own" else None
    if isinstance(maps, str) and "{contrast}" in maps:
        maps = maps.replace("{contrast}", label)
    elif facts.forms.is_difference(maps):
        raise elsewhere.Refused(
            f"config key 'datasets.own.maps': the model asks for the maps of its contrast {name}, and these are "
            "subtracted; write design and contrasts in the config, or name a node without others before it."
        )
    elif isinstance(maps, dict) and "contrast" not in maps:
        maps = maps | {"contrast": label}
    elif len(names) > 1:
        raise elsewhere.Refused(
            f"config key 'datasets.own.maps': the model has the contrasts {', '.join(names)}, and nothing tells their "
            "maps apart; write {contrast} in the path, or entities without a contrast."
        )
    return {"datasets": settings["datasets"] | {"own": own | {"maps": maps}}}

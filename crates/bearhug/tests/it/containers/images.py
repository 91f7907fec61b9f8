"""Writes images in layouts that the tools of the tests do not write.

Usage: images.py KIND FILE < JSON

`legacy` is what `docker save` wrote up to version 24, `current` what it writes since, both by the Docker
image specification 1.3; `platforms` is an OCI layout in a tar whose index lists an index, as buildx
pushes it. The JSON has the members of each layer, the configuration, and the tags. For `current`, prints what an
engine says of the image.
"""

import hashlib
import io
import json
import sys
import tarfile


def add(archive, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def layer(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            add(archive, name, content.encode())
    return buffer.getvalue()


def digest(content):
    return hashlib.sha256(content).hexdigest()


def configuration(asked, layers):
    return json.dumps({
        "architecture": "amd64", "os": "linux", "config": asked["config"],
        "history": asked["history"],
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(one)}" for one in layers]},
    }).encode()


def legacy(archive, asked):
    layers = [layer(members) for members in asked["layers"]]
    config = configuration(asked, layers)
    # The ids are chosen so that the archive has the layers in another order than the image has.
    ids = [digest(b"%d" % number) for number in range(len(layers))]
    for name, content in sorted(zip(ids, layers)):
        add(archive, f"{name}/VERSION", b"1.0")
        add(archive, f"{name}/layer.tar", content)
    add(archive, f"{digest(config)}.json", config)
    add(archive, "manifest.json", json.dumps([{
        "Config": f"{digest(config)}.json", "RepoTags": asked["tags"],
        "Layers": [f"{name}/layer.tar" for name in ids],
    }]).encode())
    add(archive, "repositories", b"{}")


def blob(archive, kind, content, **more):
    name = digest(content)
    if f"blobs/sha256/{name}" not in archive.getnames():
        add(archive, f"blobs/sha256/{name}", content)
    kind = f"application/vnd.oci.image.{kind}"
    return {"mediaType": kind, "digest": f"sha256:{name}", "size": len(content), **more}


def manifest(archive, asked, **more):
    layers = [layer(members) for members in asked["layers"]]
    content = {
        "schemaVersion": 2,
        "config": blob(archive, "config.v1+json", configuration(asked, layers)),
        "layers": [blob(archive, "layer.v1.tar", one) for one in layers],
    }
    return blob(archive, "manifest.v1+json", json.dumps(content).encode(), **more), content


def current(archive, asked):
    tag = {"io.containerd.image.name": f"docker.io/{asked['tags'][0]}"}
    listed, content = manifest(archive, asked, annotations=tag)
    path = lambda part: "blobs/sha256/" + part["digest"].removeprefix("sha256:")
    add(archive, "index.json", json.dumps({"schemaVersion": 2, "manifests": [listed]}).encode())
    add(archive, "manifest.json", json.dumps([{
        "Config": path(content["config"]), "RepoTags": asked["tags"],
        "Layers": [path(part) for part in content["layers"]],
    }]).encode())
    add(archive, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    # What an engine says when it is asked about the image (Engine API, operation ImageInspect).
    print(json.dumps({
        "Id": content["config"]["digest"], "RepoTags": asked["tags"], "Config": asked["config"],
        "RootFS": {"Type": "layers", "Layers": [part["digest"] for part in content["layers"]]},
    }))


def platforms(archive, asked):
    listed = []
    for one in asked["images"]:
        architecture, more = one["architecture"], {}
        if architecture == "unknown":
            more["annotations"] = {"vnd.docker.reference.digest": listed[0]["digest"]}
        platform = {"os": "unknown" if more else "linux", "architecture": architecture}
        listed.append(manifest(archive, one, platform=platform, **more)[0])
    inner = json.dumps({"schemaVersion": 2, "manifests": listed}).encode()
    tag = {"org.opencontainers.image.ref.name": asked["tags"][0]}
    index = {"schemaVersion": 2, "manifests": [blob(archive, "index.v1+json", inner, annotations=tag)]}
    add(archive, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
    add(archive, "index.json", json.dumps(index).encode())


if __name__ == "__main__":
    kind, file = sys.argv[1:]
    with tarfile.open(file, "w") as out:
        globals()[kind](out, json.load(sys.stdin))

"""Says whether lines on the standard input are events as a published format has them, and counts them.

Usage: events.py ocsf|cloudevents
"""

import json
import sys


def ocsf(lines):
    """Holds events to the schema of OCSF 1.8.0, as schema.ocsf.io exports it."""
    import jsonschema
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0"))
    classes = get_ocsf_schema("1.8.0")["classes"]
    objects = get_ocsf_schema("1.8.0")["objects"]
    validators = {}
    for line in lines:
        event = json.loads(line)
        name = schema.lookup_class_name_from_uid(event["class_uid"])
        if name not in validators:
            validators[name] = jsonschema.Draft202012Validator(schema.get_class_schema(name))
        validators[name].validate(event)
        captions(event, classes[name]["attributes"])
        walk(event, classes[name]["attributes"], objects)
        assert event["metadata"]["version"] == "1.8.0"


def captions(event, attributes):
    """The words beside numbers are those that the schema has for them, unless it leaves them to the source."""
    pairs = [("activity_id", "activity_name"), ("class_uid", "class_name"), ("category_uid", "category_name"),
             ("type_uid", "type_name"), ("severity_id", "severity"), ("status_id", "status")]
    for number, words in pairs:
        values = attributes[number]["enum"]
        if event["activity_id"] == 99 and number in ("activity_id", "type_uid"):
            continue
        caption = values[str(event[number])]["caption"]
        assert event[words] == caption, (event[words], caption)


def walk(value, attributes, objects):
    """Holds every object to the constraints that a JSON schema does not carry."""
    for key, part in value.items():
        attribute = attributes[key]
        if attribute["type"] != "object_t" or key == "unmapped":
            continue
        kind = objects[attribute["object_type"]]
        for item in part if isinstance(part, list) else [part]:
            one_of = kind.get("constraints", {}).get("at_least_one")
            assert one_of is None or any(name in item for name in one_of), (key, one_of)
            walk(item, kind["attributes"], objects)


def cloudevents(lines):
    """Reads events with the SDK of the CloudEvents project, which refuses what is none."""
    from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

    for line in lines:
        headers = {"content-type": "application/cloudevents+json"}
        event = from_structured_event(HTTPMessage(headers=headers, body=line.encode()))
        data = event.get_data()
        told = json.loads(line)
        assert event.get_id() == data["hash"] == told["id"]
        assert event.get_type() == "bearhug." + data["kind"]
        assert event.get_subject() == data["identity"]
        assert event.get_time().isoformat(timespec="microseconds")
        assert int(event.get_extension("sequence")) == data["seq"]


lines = [line for line in sys.stdin if line.strip()]
{"ocsf": ocsf, "cloudevents": cloudevents}[sys.argv[1]](lines)
print(len(lines))

"""The peer of jsonata-bench that runs jsonatapy, the implementation in Rust: one JSON text per line in, one per line out."""

import json
import sys
import time


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import jsonatapy
except ImportError as error:
    say({"missing": str(error)})
    sys.exit(0)


def measure(evaluate, data, budget):
    """Microseconds for one evaluation; evaluates at least until `budget` microseconds are used up."""
    count = 0
    batch = 1
    start = time.process_time_ns()
    while True:
        for _ in range(batch):
            evaluate(data)
        count += batch
        used = (time.process_time_ns() - start) / 1000
        if used >= budget:
            return used / count
        # The clock is read at most some ten times more often than needed.
        if used * 10 < budget:
            batch *= 2


say({"name": "jsonatapy", "version": f"{jsonatapy.__version__}, Python {sys.version.split()[0]}"})
expression = data = None
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "expression" in request:
            # The input is converted once, as for the others.
            data = jsonatapy.JsonataData.from_json(json.dumps(request["input"]))
            expression = jsonatapy.compile(request["expression"])
            say({"result": json.loads(expression.evaluate_data_to_json(data))})
        else:
            # A result comes out as Python objects or as a text of JSON; the quicker of the two counts.
            half = request["budget"] / 2
            ways = (expression.evaluate_with_data, expression.evaluate_data_to_json)
            say({"microseconds": min(measure(way, data, half) for way in ways)})
    except Exception as error:
        say({"error": str(error)})

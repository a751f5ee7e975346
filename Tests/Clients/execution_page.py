#!/usr/bin/env python3
"""Opens pages of `sfn-local graph --format html` in a headless Chromium and checks them.

usage: execution_page.py SFN_LOCAL CHROMIUM [--screenshots DIR]

Pages with hostile names and payloads, with an execution of each kind, and with 25,000 events. Prints a line for each check and the counts; exits
with 1 when one failed. Needs no package: Chromium is driven over its debugging pipe.
"""
import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("chromium")
parser.add_argument("--screenshots")
arguments = parser.parse_args()

passed = failed = 0


def check(name, holds, detail=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(("ok    " if holds else "FAIL  ") + name + ("" if holds else f"  {detail}"), flush=True)


class Browser:
    """Chromium over --remote-debugging-pipe: it reads commands from descriptor 3 and writes to 4, each ended by a zero byte."""

    def __init__(self, folder):
        to_read, self.to = os.pipe()
        self.of, of_write = os.pipe()

        def descriptors():
            # Moved out of the way first, so that neither overwrites the other.
            high_in, high_out = os.dup(to_read), os.dup(of_write)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [arguments.chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-default-apps", f"--user-data-dir={folder}/profile", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=descriptors)
        os.close(to_read)
        os.close(of_write)
        self.buffer = b""
        self.last = 0
        self.events = []

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.of, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(timeout=20)


class Page:
    def __init__(self, browser, path, width=1400, height=900, dark=False):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            browser.call(f"{domain}.enable", self.session)
        browser.call("Emulation.setDeviceMetricsOverride", self.session, width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            browser.call("Emulation.setEmulatedMedia", self.session, features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.events.clear()
        began = time.monotonic()
        browser.call("Page.navigate", self.session, url=pathlib.Path(path).resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in browser.events):
            browser.events.append(browser.receive())
        self.seconds = time.monotonic() - began

    def value(self, expression):
        result = self.browser.call("Runtime.evaluate", self.session, expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def frame(self):
        """Waits until what was asked for is drawn."""
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def key(self, key):
        self.value(f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: {json.dumps(key)}, bubbles: true, cancelable: true}})) && 0")
        self.frame()

    def search(self, text):
        self.value(f"(() => {{ const box = document.getElementById('search'); box.value = {json.dumps(text)}; box.dispatchEvent(new Event('input')); }})()")
        self.value("new Promise(done => setTimeout(() => done(1), 300))")

    def picture(self, name):
        if arguments.screenshots:
            data = self.browser.call("Page.captureScreenshot", self.session, format="png")["data"]
            pathlib.Path(arguments.screenshots, name + ".png").write_bytes(base64.b64decode(data))

    def requests_and_noise(self):
        self.frame()
        events = [event for event in self.browser.events if event.get("sessionId") == self.session]
        requests = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        noise = [event["params"] for event in events if event["method"] in (
            "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening", "Audits.issueAdded")]
        return requests, noise

    def check_quiet(self, name):
        """Nothing ran but the page's own script, nothing was asked of anywhere, and the console is empty."""
        requests, noise = self.requests_and_noise()
        check(f"{name}: nothing is loaded but the page", len(requests) == 1 and requests[0].startswith("file:"), requests)
        check(f"{name}: the console is empty", not noise, json.dumps(noise)[:600])
        check(f"{name}: no script of the data ran", self.value("window.pwned") is None)
        check(f"{name}: there are two scripts, one of them data", self.value("document.scripts.length") == 2)
        check(f"{name}: no image, frame or link came from the data", self.value("document.querySelectorAll('img,iframe,a,object,embed,base,form,svg script,foreignObject').length") == 0)


HOSTILE = [
    "</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "javascript:window.pwned=1", "\u202egnp.exe\u202c", "__proto__", "end",
    "\"'`><svg onload=window.pwned=1>", "]]>--><!--", "\u2028\u2029line", "{{constructor.constructor('window.pwned=1')()}}", "emoji 👩‍🚀 日本語", "x" * 80, "a\nb\tc\u0000",
]


def history(events):
    start = 1772441000
    return {"events": [{"id": number + 1, "timestamp": start + number * 0.25, **event} for number, event in enumerate(events)]}


def linear(states, payload):
    """An execution that passes each state once, with the payload in and out."""
    events = [{"type": "ExecutionStarted", "previousEventId": 0, "executionStartedEventDetails": {"input": payload, "roleArn": "r"}}]
    for number, name in enumerate(states):
        before = 0 if number == 0 else len(events)
        events.append({"type": "PassStateEntered", "previousEventId": before, "stateEnteredEventDetails": {"name": name, "input": payload}})
        events.append({"type": "PassStateExited", "previousEventId": len(events), "stateExitedEventDetails": {"name": name, "output": payload}})
    events.append({"type": "ExecutionSucceeded", "previousEventId": len(events), "executionSucceededEventDetails": {"output": payload}})
    return events


def make(folder, name, definition, events):
    paths = [f"{folder}/{name}.{end}" for end in ("asl.json", "history.json", "html")]
    pathlib.Path(paths[0]).write_text(json.dumps(definition))
    pathlib.Path(paths[1]).write_text(json.dumps(history(events)))
    done = subprocess.run([arguments.program, "graph", paths[0], "--history", paths[1], "--output", paths[2]], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{name}: {done.stderr}")
    return paths[2]


def check_the_checks(browser, folder):
    """A page that misbehaves in every way that is looked for is found out."""
    path = pathlib.Path(folder, "bad.html")
    path.write_text("<!DOCTYPE html><title>bad</title><script>window.pwned = 1; console.log('heard')</script><img src='http://127.0.0.1:9/x'>")
    page = Page(browser, path)
    requests, noise = page.requests_and_noise()
    check("a page that misbehaves: its request is seen", len(requests) == 2, requests)
    check("a page that misbehaves: its console is heard", len(noise) > 0)
    check("a page that misbehaves: its script is seen", page.value("window.pwned") == 1)


def check_hostile(browser, folder):
    names = HOSTILE
    states = {name: {"Type": "Pass", "Comment": name, "Next": after} for name, after in zip(names, names[1:])}
    states[names[-1]] = {"Type": "Pass", "End": True}
    payload = json.dumps({**{text: text for text in HOSTILE}, "big": 12345678901234567890, "exact": "1.0", "nested": HOSTILE}, ensure_ascii=False)
    page = Page(browser, make(folder, "hostile", {"StartAt": names[0], "States": states}, linear(names, payload)))
    check("hostile: every state is drawn", page.value("document.querySelectorAll('#canvas [data-node]').length") == len(names))
    check("hostile: every state is marked as succeeded", page.value("document.querySelectorAll('#canvas .state.succeeded').length") == len(names))
    check("hostile: every visit has a bar", page.value("document.querySelectorAll('#bars .row').length") == len(names))
    for index in range(len(names)):
        page.value(f"document.querySelectorAll('#canvas [data-node]')[{index}].dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
        page.value("(() => { for (const d of document.querySelectorAll('#detail details')) d.open = true; })()")
        page.frame()
    check("hostile: numbers are shown as written", "12345678901234567890" in page.value("document.getElementById('detail').textContent"))
    check("hostile: the name of the key __proto__ is shown", page.value("[...document.querySelectorAll('#detail .key')].some(k => k.textContent === '__proto__')"))
    check("hostile: no mark that reorders text is left", page.value("!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.textContent.replace(document.getElementById('data').textContent, ''))"))
    page.key("Escape")
    page.picture("hostile")
    page.check_quiet("hostile")


def check_payloads(browser, folder):
    deep = "[" * 5000 + "]" * 5000
    payloads = {"long": json.dumps({"text": "<b>" + "y" * 262_000}), "deep": deep, "wide": json.dumps(list(range(20_000))), "no": "this is {not json", "empty": ""}
    names = list(payloads)
    states = {name: {"Type": "Pass", "Next": after} for name, after in zip(names, names[1:])}
    states[names[-1]] = {"Type": "Pass", "End": True}
    events = linear(names, "{}")
    for event in events:
        details = event.get("stateEnteredEventDetails")
        if details:
            details["input"] = payloads[details["name"]]
    page = Page(browser, make(folder, "payloads", {"StartAt": names[0], "States": states}, events))
    page.value("document.getElementById('bars').focus()")
    shown = {}
    for name in names:
        page.key("ArrowDown")
        page.frame()
        check(f"payloads: the arrow key goes to {name}", page.value("document.querySelector('#detail h2').textContent") == name)
        shown[name] = page.value("document.querySelector('#detail .payload').textContent.length")
    check("payloads: a long text is cut until asked for", shown["long"] < 3_000, shown)
    check("payloads: a wide array is shown in pieces", shown["wide"] < 5_000, shown)
    check("payloads: what is no JSON is shown as it is", shown["no"] == len("this is {not json"), shown)
    page.value("document.querySelectorAll('#bars .row')[0].click()")
    page.value("[...document.querySelectorAll('#detail .payload button')].find(b => /show all/.test(b.textContent)).click()")
    check("payloads: asked for, all of it is there", page.value("document.querySelector('#detail .payload').textContent.length") > 262_000)
    page.check_quiet("payloads")


def check_map(browser, folder):
    """25,000 events: a Map with many iterations, one of which fails and is caught."""
    count = 6_240
    definition = {"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "Work", "States": {"Work": {"Type": "Pass", "End": True}}},
                 "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}], "Next": "Done"},
        "Mend": {"Type": "Pass", "Next": "Done"}, "Done": {"Type": "Succeed"}}}
    events = [{"type": "ExecutionStarted", "previousEventId": 0, "executionStartedEventDetails": {"input": "{}"}},
              {"type": "MapStateEntered", "previousEventId": 0, "stateEnteredEventDetails": {"name": "Each", "input": "[]"}},
              {"type": "MapStateStarted", "previousEventId": 2, "mapStateStartedEventDetails": {"length": count}}]
    last = 3
    for index in range(count):
        events.append({"type": "MapIterationStarted", "previousEventId": 3 if index == 0 else last, "mapIterationStartedEventDetails": {"name": "Each", "index": index}})
        events.append({"type": "PassStateEntered", "previousEventId": len(events), "stateEnteredEventDetails": {"name": "Work", "input": json.dumps({"item": index})}})
        if index == count - 1:
            break
        events.append({"type": "PassStateExited", "previousEventId": len(events), "stateExitedEventDetails": {"name": "Work", "output": json.dumps({"item": index})}})
        last = len(events)
        events.append({"type": "MapIterationSucceeded", "previousEventId": last, "mapIterationSucceededEventDetails": {"name": "Each", "index": index}})
    at = len(events)
    events.append({"type": "EvaluationFailed", "previousEventId": at, "evaluationFailedEventDetails": {"error": "States.QueryEvaluationError", "cause": "no", "state": "Work"}})
    events.append({"type": "MapIterationFailed", "previousEventId": at + 1, "mapIterationFailedEventDetails": {"name": "Each", "index": count - 1}})
    events.append({"type": "MapStateFailed", "previousEventId": at + 1})
    events.append({"type": "MapStateExited", "previousEventId": at + 3, "stateExitedEventDetails": {"name": "Each", "output": "{}"}})
    for name, type in (("Mend", "Pass"), ("Done", "Succeed")):
        events.append({"type": f"{type}StateEntered", "previousEventId": len(events), "stateEnteredEventDetails": {"name": name, "input": "{}"}})
        events.append({"type": f"{type}StateExited", "previousEventId": len(events), "stateExitedEventDetails": {"name": name, "output": "{}"}})
    events.append({"type": "ExecutionSucceeded", "previousEventId": len(events), "executionSucceededEventDetails": {"output": "{}"}})
    page = Page(browser, make(folder, "map", definition, events))
    print(f"      {len(events)} events are on screen after {page.seconds:.2f} s")
    check("map: the Map is caught", page.value("[...document.querySelectorAll('#canvas .state.caught .name')].map(t => t.textContent).join()") == "Each")
    check("map: iterations are folded at first", page.value("document.querySelectorAll('#bars .row').length") == 3)
    page.picture("map")
    page.value("document.getElementById('unfold').click()")
    check("map: unfolded, there is a row for each span", page.value("document.getElementById('count').textContent") == f"{3 + 2 * count:,} rows")
    check("map: only the rows in sight exist", page.value("document.querySelectorAll('#bars .row').length") < 100)
    page.value("document.getElementById('tab-events').click()")
    check("map: every event is listed", page.value("document.getElementById('count').textContent") == f"{len(events):,} of {len(events):,} events")
    page.value("document.getElementById('list').scrollTop = 1e9")
    page.frame()
    check("map: the end of the list can be reached", page.value("[...document.querySelectorAll('#list .type-of')].at(-1).textContent") == "ExecutionSucceeded")
    page.value("document.body.focus()")
    page.key("n")
    check("map: n goes to the first failure", "EvaluationFailed" in page.value("document.querySelector('#detail h2').textContent"))
    page.picture("map-failure")
    page.search('"item": 4711')
    check("map: a search looks into payloads", page.value("document.getElementById('count').textContent").startswith("2 of"), page.value("document.getElementById('count').textContent"))
    page.check_quiet("map")


def main():
    folder = tempfile.mkdtemp(prefix="sfn-page-")
    browser = Browser(folder)
    try:
        check_the_checks(browser, folder)
        check_hostile(browser, folder)
        check_payloads(browser, folder)
        check_map(browser, folder)
    finally:
        browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

#!/usr/bin/env python3
"""Checks a Redshift Data API endpoint sentence by sentence against what the service is documented to do.

usage: redshift_contract.py ENDPOINT_URL [--cluster c1] [--database dev] [--user awsuser] [-v]

One function for each operation, and for what all have in common. Expectations come from the service model of botocore, the API reference
and the management guide; where those are silent a line says why. Prints what failed (with -v each check), a line for each function, and the
counts; exits with 1 when one failed. Needs boto3. Tables named contract_* are made and dropped.
"""
import concurrent.futures
import sys
import time
import traceback

sys.dont_write_bytecode = True
from contract import batches, catalogue, command_line, describing, lists, results, sessions, submitting, wire
from contract.endpoint import check, tally

# Those that take longest come first: a few run side by side.
parts = [
    command_line.command_line, sessions.waiting, wire.wire, sessions.sessions, describing.describe_statement, batches.batch_execute_statement, submitting.execute_statement,
    submitting.parameters, submitting.client_tokens, submitting.cancel_statement, batches.execution_modes, results.get_statement_result, results.get_statement_result_v2,
    lists.list_statements, catalogue.catalogue,
]


def run(part):
    tally.part, tally.counts, begun = part.__name__, {True: 0, False: 0}, time.time()
    try:
        part()
    except Exception as problem:  # the other parts are checked all the same
        check("goes to its end", False, "".join(traceback.format_exception(problem)[-3:]))
    print(f"{part.__name__}: {tally.counts[True]} passed, {tally.counts[False]} failed, {time.time() - begun:.1f} s")
    return tally.counts


begun = time.time()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    counts = list(pool.map(run, parts))
failed = sum(item[False] for item in counts)
print(f"{sum(item[True] for item in counts)} passed, {failed} failed, {time.time() - begun:.1f} s")
sys.exit(failed > 0)

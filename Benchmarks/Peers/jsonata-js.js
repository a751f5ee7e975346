// The peer of jsonata-bench that runs jsonata-js: one JSON text per line in, one per line out.
//   node jsonata-js.js [PATH]    PATH of a jsonata module; without it node looks for `jsonata` by itself
// Release 2 gives promises, release 1 gives values; both are taken.
'use strict';
const path = require('path');
const readline = require('readline');

const given = process.argv[2];
let jsonata, version;
try {
  const place = given ? require.resolve(path.resolve(given)) : require.resolve('jsonata', { paths: [process.cwd(), __dirname] });
  jsonata = require(place);
  version = versionOf(path.dirname(place)) ?? place;
} catch (error) {
  console.log(JSON.stringify({ missing: String(error.message).split('\n')[0] }));
  process.exit(0);
}

/** The version in the package that holds the module. */
function versionOf(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      const description = require(path.join(at, 'package.json'));
      if (description.name === 'jsonata') return description.version;
    } catch { /* none here */ }
    if (path.dirname(at) === at) return undefined;
  }
}

/** CPU time of this process with all its threads, in microseconds. */
function cpuMicroseconds() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function isAsynchronous() {
  const result = jsonata('1').evaluate({});
  const asynchronous = typeof result?.then === 'function';
  await result;
  return asynchronous;
}

/** Microseconds for one evaluation; evaluates at least until `budget` microseconds are used up. */
async function measure(expression, input, budget, asynchronous) {
  let count = 0;
  let batch = 1;
  const start = cpuMicroseconds();
  for (;;) {
    if (asynchronous) {
      for (let i = 0; i < batch; i++) await expression.evaluate(input);
    } else {
      for (let i = 0; i < batch; i++) expression.evaluate(input);
    }
    count += batch;
    const used = cpuMicroseconds() - start;
    if (used >= budget) return used / count;
    // The clock is read at most some ten times more often than needed.
    if (used * 10 < budget) batch *= 2;
  }
}

(async () => {
  const asynchronous = await isAsynchronous();
  console.log(JSON.stringify({ name: 'jsonata-js', version: `${version}, node ${process.version}` }));
  let expression, input;
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const request = JSON.parse(line);
    let answer;
    try {
      if (request.expression !== undefined) {
        input = request.input;
        expression = jsonata(request.expression);
        const result = await expression.evaluate(input);
        answer = { result: result === undefined ? null : result };
      } else {
        answer = { microseconds: await measure(expression, input, request.budget, asynchronous) };
      }
    } catch (error) {
      answer = { error: String(error.message ?? error) };
    }
    console.log(JSON.stringify(answer));
  }
})();

/// The page's one script, in parts. It makes elements and sets their text; no text of an execution is ever read as markup.
enum PageScript {
  static let text = "'use strict';\n(() => {\n" + [model, payloads, rows, details, graph, start].joined(separator: "\n") + "\n})();\n"

  /// The data, and small helpers.
  private static let model = #"""
    const $ = id => document.getElementById(id);
    const data = JSON.parse($('data').textContent);
    const {events, times, spanOfEvent, nodes} = data;
    /* Facts that the service's histories lack bear the id of the event before them; they are not counted. */
    const factPositions = new Set(data.facts);
    const idText = position => factPositions.has(position) ? '' : '#' + events[position].id;
    const eventCount = events.length - data.facts.length;
    const hasTimes = times.some(time => time !== null);
    const spans = data.spans.map(([what, type, parent, first, last, status, attempts], id) => ({
      id, parent, first, last, status, attempts, children: [], events: [],
      isVisit: typeof what === 'string', name: typeof what === 'string' ? what : type + ' ' + (type === 'branch' ? what + 1 : what), type: typeof what === 'string' ? type : ''}));
    const roots = [];
    for (const span of spans) {
      (span.parent === null ? roots : spans[span.parent].children).push(span);
      span.depth = span.parent === null ? 0 : spans[span.parent].depth + 1;
    }
    spanOfEvent.forEach((span, position) => { if (span !== null) spans[span].events.push(position); });
    const visits = new Map();
    for (const span of spans) if (span.isVisit) {
      if (!visits.has(span.name)) visits.set(span.name, []);
      visits.get(span.name).push(span);
    }
    const isFailure = event => /(Failed|TimedOut|Aborted)$/.test(event.type);
    const lastTime = times.reduce((most, time) => time !== null && time > most ? time : most, 0);
    const startOf = span => times[span.first] ?? 0;
    const endOf = span => span.last === null ? lastTime : times[span.last] ?? startOf(span);
    const marks = {succeeded: '✓', caught: '!', failed: '✗', aborted: '–', running: '●'};

    function detailsOf(event) {
      for (const key of Object.keys(event)) if (key.endsWith('EventDetails') && event[key] && typeof event[key] === 'object') return event[key];
      return {};
    }
    function stateOf(position) {
      for (let span = spanOfEvent[position]; span !== null && span !== undefined; span = spans[span].parent) if (spans[span].isVisit) return spans[span].name;
      return '';
    }
    /* Characters that are not seen, or that reorder the text around them, become escapes. */
    const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
    const escape = c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0');
    const escapeShort = c => c === '\n' ? '\\n' : '\\u{' + c.charCodeAt(0).toString(16) + '}';
    const shown = text => String(text).replace(hidden, escapeShort);
    const shownLines = text => String(text).replace(hidden, c => c === '\n' || c === '\t' ? c : escapeShort(c));
    const moment = time => typeof time === 'number' && Math.abs(time) < 1e12 ? new Date(time * 1000).toISOString() : shown(time ?? '').replace(/(\.\d{3})000\+00:00$/, '$1Z');

    function make(name, className, text) {
      const element = document.createElement(name);
      if (className) element.className = className;
      if (text !== undefined) element.textContent = text;
      return element;
    }
    function button(text, action, className) {
      const element = make('button', className, text);
      element.type = 'button';
      element.addEventListener('click', action);
      return element;
    }
    function duration(microseconds) {
      const ms = microseconds / 1000;
      if (ms < 1000) return (ms < 10 && ms % 1 ? ms.toFixed(1) : Math.round(ms)) + ' ms';
      const s = ms / 1000;
      if (s < 60) return s.toFixed(2) + ' s';
      if (s < 3600) return Math.floor(s / 60) + ' min ' + Math.floor(s % 60) + ' s';
      if (s < 86400) return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' min';
      return Math.floor(s / 86400) + ' d ' + Math.floor(s % 86400 / 3600) + ' h';
    }
    const spanTime = span => hasTimes ? duration(endOf(span) - startOf(span)) : '';
    """#

  /// Payloads as trees. Numbers and the order of keys are kept as written, which `JSON.parse` does not do.
  private static let payloads = #"""
    function parseJSON(text) {
      let at = 0;
      const fail = () => { throw new SyntaxError('not JSON'); };
      const token = /[\x20\t\r\n]*(?:([{}\[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))/y;
      function next() {
        token.lastIndex = at;
        const found = token.exec(text);
        if (!found) fail();
        at = token.lastIndex;
        return found;
      }
      const stack = [];
      let result, done = false;
      let expect = 'value';
      function put(node) {
        const top = stack[stack.length - 1];
        if (!top) { result = node; done = true; return; }
        if (top.kind === 'object') top.items.push([top.key, node]); else top.items.push(node);
        expect = 'comma';
      }
      while (!done) {
        const [, sign, string, number, word] = next();
        const top = stack[stack.length - 1];
        if (expect === 'comma') {
          if (sign === ',') { expect = top.kind === 'object' ? 'key' : 'value'; continue; }
          if (sign !== (top.kind === 'object' ? '}' : ']')) fail();
          stack.pop();
          put(top);
        } else if (expect === 'key' || expect === 'first key') {
          if (sign === '}' && expect === 'first key') { stack.pop(); put(top); continue; }
          if (string === undefined) fail();
          if (next()[1] !== ':') fail();
          top.key = JSON.parse(string);
          expect = 'value';
        } else if (sign === ']' && expect === 'first value') { stack.pop(); put(top);
        } else if (sign === '{' || sign === '[') {
          stack.push({kind: sign === '{' ? 'object' : 'array', items: []});
          expect = sign === '{' ? 'first key' : 'first value';
          continue;
        } else if (string !== undefined) put({kind: 'string', text: JSON.parse(string)});
        else if (number !== undefined) put({kind: 'number', text: number});
        else if (word !== undefined) put({kind: 'word', text: word});
        else fail();
      }
      if (/[^\x20\t\r\n]/.test(text.slice(at))) fail();
      return result;
    }

    const chunk = 200, longText = 2000;
    function leaf(node) {
      if (node.kind !== 'string') return make('span', node.kind, node.text);
      const element = make('span', 'string');
      const quoted = text => JSON.stringify(text).replace(hidden, escape);
      if (node.text.length <= longText) { element.textContent = quoted(node.text); return element; }
      element.textContent = quoted(node.text.slice(0, longText)).slice(0, -1) + '… ';
      element.append(button('show all ' + node.text.length.toLocaleString('en') + ' characters', event => {
        event.stopPropagation();
        element.textContent = quoted(node.text);
      }, 'small'));
      return element;
    }
    function branch(node, key, depth, isOpen) {
      const label = key === null ? [] : [make('span', 'key', shown(key)), ': '];
      if (!node.items || node.items.length === 0) {
        const line = make('div', 'leaf');
        line.append(...label, node.items ? make('span', 'size', node.kind === 'object' ? '{}' : '[]') : leaf(node));
        return line;
      }
      const element = make('details');
      const summary = make('summary');
      const count = node.items.length;
      const size = node.kind === 'object' ? '{' + count + (count === 1 ? ' key}' : ' keys}') : '[' + count + (count === 1 ? ' item]' : ' items]');
      summary.append(...label, make('span', 'size', size));
      element.append(summary);
      let filled = 0;
      function fill() {
        const end = Math.min(filled + chunk, count);
        for (; filled < end; filled++) {
          const item = node.items[filled];
          element.append(node.kind === 'object' ? branch(item[1], item[0], depth + 1, isOpen) : branch(item, String(filled), depth + 1, isOpen));
        }
        if (filled < count) {
          const more = button((count - filled).toLocaleString('en') + ' more', () => { more.remove(); fill(); }, 'small');
          element.append(more);
        }
      }
      element.addEventListener('toggle', () => { if (element.open && filled === 0) fill(); });
      if (isOpen || depth < 2 && count <= 50) { fill(); element.open = true; }
      return element;
    }
    /* Whether a value is small enough to be shown whole: counts its parts, and gives up early. */
    function isSmall(node) {
      const rest = [node];
      for (let seen = 0; rest.length; seen++) {
        if (seen > 80 || rest.length > 80) return false;
        const next = rest.pop();
        if (next.items) for (const item of next.items.slice(0, 82)) rest.push(next.kind === 'object' ? item[1] : item);
      }
      return true;
    }
    const tree = node => branch(node, null, 0, isSmall(node));
    async function copy(text, control) {
      let isDone = false;
      try { await navigator.clipboard.writeText(text); isDone = true; } catch {
        const area = make('textarea');
        area.value = text;
        document.body.append(area);
        area.select();
        isDone = document.execCommand('copy');
        area.remove();
      }
      const label = control.textContent;
      control.textContent = isDone ? 'copied' : 'not copied';
      setTimeout(() => { control.textContent = label; }, 1200);
    }
    function payload(title, text) {
      const fragment = document.createDocumentFragment();
      const head = make('h3', '', title);
      const box = make('div', 'payload');
      let value = null;
      // What is not JSON, such as most causes, is shown as the text that it is.
      try { value = parseJSON(text); } catch { value = null; }
      if (value && (value.items || title !== 'cause')) box.append(tree(value));
      else {
        const plain = make('div', 'plain', shownLines(text.slice(0, 20000)));
        if (text.length > 20000) plain.append(button('show all ' + text.length.toLocaleString('en') + ' characters', () => { plain.textContent = shownLines(text); }, 'small'));
        box.append(plain);
      }
      const control = button('Copy', () => copy(text, control), 'small');
      control.setAttribute('aria-label', 'Copy ' + title);
      head.append(control);
      if (value && value.items) {
        let isRaw = false;
        const raw = button('Text', () => {
          isRaw = !isRaw;
          raw.textContent = isRaw ? 'Tree' : 'Text';
          box.replaceChildren(isRaw ? make('div', 'plain', shownLines(text)) : tree(value));
        }, 'small');
        head.append(raw);
      }
      fragment.append(head, box);
      return fragment;
    }
    """#

  /// A list that holds only the rows in sight.
  private static let rows = #"""
    const rowHeight = 26;
    function rowList(host, draw, choose, fold) {
      const space = make('div', 'space');
      host.append(space);
      let items = [], chosen = -1, isPrinting = false;
      function render() {
        const first = isPrinting ? 0 : Math.max(0, Math.floor(host.scrollTop / rowHeight) - 6);
        const last = isPrinting ? Math.min(items.length, 2000) : Math.min(items.length, Math.ceil((host.scrollTop + host.clientHeight) / rowHeight) + 6);
        const elements = [];
        for (let index = first; index < last; index++) {
          const element = draw(items[index]);
          element.classList.add('row');
          element.style.top = index * rowHeight + 'px';
          element.setAttribute('role', 'option');
          element.id = host.id + '-' + index;
          element.dataset.index = index;
          element.setAttribute('aria-selected', index === chosen);
          element.setAttribute('aria-posinset', index + 1);
          element.setAttribute('aria-setsize', items.length);
          elements.push(element);
        }
        space.style.height = items.length * rowHeight + 'px';
        space.replaceChildren(...elements);
        if (chosen >= first && chosen < last) host.setAttribute('aria-activedescendant', host.id + '-' + chosen);
        else host.removeAttribute('aria-activedescendant');
      }
      function reveal(index) {
        const top = index * rowHeight;
        if (top < host.scrollTop) host.scrollTop = top;
        else if (top + rowHeight > host.scrollTop + host.clientHeight) host.scrollTop = top + rowHeight - host.clientHeight;
      }
      function select(index, isQuiet) {
        chosen = index;
        if (index >= 0) reveal(index);
        render();
        if (index >= 0 && !isQuiet) choose(items[index]);
      }
      let isWaiting = false;
      host.addEventListener('scroll', () => {
        if (isWaiting) return;
        isWaiting = true;
        requestAnimationFrame(() => { isWaiting = false; render(); });
      });
      host.addEventListener('click', event => {
        const row = event.target.closest('.row');
        if (!row) return;
        const index = Number(row.dataset.index);
        if (event.target.closest('.fold') && fold) fold(items[index], null); else select(index);
      });
      host.addEventListener('keydown', event => {
        const page = Math.max(1, Math.floor(host.clientHeight / rowHeight) - 1);
        const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -items.length, End: items.length};
        if (event.key in steps) {
          event.preventDefault();
          if (items.length) select(Math.max(0, Math.min(items.length - 1, chosen + steps[event.key])));
        } else if (fold && chosen >= 0 && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
          event.preventDefault();
          fold(items[chosen], event.key === 'ArrowRight');
        } else if (event.key === 'Enter' && chosen >= 0) $('detail').focus();
      });
      new ResizeObserver(render).observe(host);
      window.addEventListener('beforeprint', () => { isPrinting = true; render(); });
      window.addEventListener('afterprint', () => { isPrinting = false; render(); });
      return {
        set(list) { const item = items[chosen]; items = list; chosen = item === undefined ? -1 : items.indexOf(item); render(); },
        pick(item, isQuiet) { const index = items.indexOf(item); select(index, isQuiet || index < 0); return index >= 0; },
        get count() { return items.length; }};
    }
    """#

  private static let details = #"""
    const payloadKeys = ['input', 'output', 'parameters', 'cause', 'taskCredentials'];
    function eventLink(position) {
      const event = events[position];
      return button(idText(position) + ' ' + shown(event.type), () => chooseEvent(position, true), 'small');
    }
    function facts(details, into) {
      for (const [key, value] of Object.entries(details)) {
        if (key === 'error') { into.append(make('p', 'error', shown(value))); continue; }
        if (payloadKeys.includes(key) && typeof value === 'string') { into.append(payload(key, value)); continue; }
        if (key === 'assignedVariables' && value && typeof value === 'object') {
          for (const [name, text] of Object.entries(value)) into.append(payload('$' + shown(name), String(text)));
          continue;
        }
        if (/Details$/.test(key) && value && value.truncated === false) continue;
        if (key === 'name') continue;
        const line = make('p', 'sub', shown(key) + ': ');
        line.append(make('bdi', '', typeof value === 'object' ? shown(JSON.stringify(value)) : shown(value)));
        into.append(line);
      }
    }
    function showEvent(position) {
      const event = events[position], box = $('detail'), out = document.createDocumentFragment();
      out.append(make('h2', '', idText(position) + ' ' + shown(event.type)));
      const at = times[position];
      out.append(make('p', 'sub', [stateOf(position) && shown(stateOf(position)), at === null ? '' : '+' + duration(at), moment(event.timestamp)].filter(Boolean).join(' · ')));
      const links = make('div', 'links');
      const previous = positionOf.get(event.previousEventId);
      if (previous !== undefined) { links.append('follows from ', eventLink(previous)); }
      const span = spanOfEvent[position];
      if (span !== null) links.append(button('Visit of ' + shown(stateOf(position) || spans[span].name), () => chooseSpan(spans[span], true), 'small'));
      out.append(links);
      facts(detailsOf(event), out);
      box.replaceChildren(out);
      box.scrollTop = 0;
    }
    function showSpan(span) {
      const box = $('detail'), out = document.createDocumentFragment();
      out.append(make('h2', '', shown(span.name)));
      const words = [span.type, marks[span.status] + ' ' + span.status, spanTime(span), hasTimes ? 'from +' + duration(startOf(span)) : ''];
      if (span.attempts > 1) words.push(span.attempts + ' attempts');
      out.append(make('p', 'sub', words.filter(Boolean).join(' · ')));
      const all = span.isVisit ? visits.get(span.name) : [];
      if (all.length > 1) {
        const links = make('div', 'links'), index = all.indexOf(span);
        links.append('visit ' + (index + 1) + ' of ' + all.length + ' ');
        if (index > 0) links.append(button('before', () => chooseSpan(all[index - 1], true), 'small'));
        if (index + 1 < all.length) links.append(button('after', () => chooseSpan(all[index + 1], true), 'small'));
        out.append(links);
      }
      const entered = detailsOf(events[span.first]), left = span.last === null ? {} : detailsOf(events[span.last]);
      const failure = span.events.findLast(position => isFailure(events[position]) && detailsOf(events[position]).error);
      const details = failure !== undefined ? detailsOf(events[failure]) : span.isVisit && span.status === 'failed' ? left : {};
      if (details.error) {
        out.append(make('p', 'error', shown(details.error)));
        if (typeof details.cause === 'string') out.append(payload('cause', details.cause));
      }
      if (typeof entered.input === 'string') out.append(payload('input', entered.input));
      const scheduled = span.events.findLast(position => /Scheduled$/.test(events[position].type) && events[position].type !== 'RetryScheduled');
      if (scheduled !== undefined) facts(Object.fromEntries(Object.entries(detailsOf(events[scheduled])).filter(([key]) => key === 'parameters' || key === 'resource' || key === 'input')), out);
      if (typeof left.output === 'string' && span.isVisit) facts({output: left.output, ...(left.assignedVariables ? {assignedVariables: left.assignedVariables} : {})}, out);
      if (span.events.length) {
        const links = make('div', 'links');
        for (const position of span.events.slice(0, 100)) links.append(eventLink(position));
        if (span.events.length > 100) links.append('and ' + (span.events.length - 100) + ' more');
        out.append(make('h3', '', 'events'), links);
      }
      box.replaceChildren(out);
      box.scrollTop = 0;
    }
    """#

  private static let graph = #"""
    const svg = document.querySelector('#canvas svg');
    const nodeOf = new Map();
    if (svg) for (const element of svg.querySelectorAll('[data-node]')) nodeOf.set(nodes[Number(element.dataset.node)], element);
    function mark(name) {
      if (!svg) return;
      for (const element of svg.querySelectorAll('.chosen')) element.classList.remove('chosen');
      const element = nodeOf.get(name);
      if (!element) return;
      element.classList.add('chosen');
      const frame = element.querySelector('.box').getBoundingClientRect(), view = $('canvas').getBoundingClientRect();
      if (frame.top < view.top || frame.bottom > view.bottom) $('canvas').scrollTop += frame.top - view.top - Math.max(20, (view.height - frame.height) / 3);
      if (frame.left < view.left || frame.right > view.right) $('canvas').scrollLeft += frame.left - view.left - Math.max(20, (view.width - frame.width) / 2);
    }
    if (svg) {
      const natural = {width: Number(svg.getAttribute('width')), height: Number(svg.getAttribute('height'))};
      let scale = 1;
      function zoom(value) {
        const canvas = $('canvas'), before = scale;
        const x = canvas.scrollLeft + canvas.clientWidth / 2, y = canvas.scrollTop + canvas.clientHeight / 2;
        scale = Math.min(3, Math.max(0.08, value));
        svg.setAttribute('width', natural.width * scale);
        svg.setAttribute('height', natural.height * scale);
        canvas.scrollLeft = x * scale / before - canvas.clientWidth / 2;
        canvas.scrollTop = y * scale / before - canvas.clientHeight / 2;
      }
      const fitted = () => Math.min(1, ($('canvas').clientWidth - 4) / natural.width, ($('canvas').clientHeight - 4) / natural.height);
      $('smaller').addEventListener('click', () => zoom(scale / 1.25));
      $('larger').addEventListener('click', () => zoom(scale * 1.25));
      $('whole').addEventListener('click', () => zoom(1));
      $('fit').addEventListener('click', () => zoom(fitted()));
      $('canvas').addEventListener('wheel', event => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoom(scale * (event.deltaY < 0 ? 1.12 : 1 / 1.12));
      }, {passive: false});
      zoom(Math.min(1, Math.max(0.55, ($('canvas').clientWidth - 4) / natural.width)));
      $('canvas').scrollTop = 0;
      const first = roots.length ? nodeOf.get(roots[0].name) : null;
      if (first && natural.width * scale > $('canvas').clientWidth) {
        const frame = first.querySelector('.box').getBoundingClientRect(), view = $('canvas').getBoundingClientRect();
        $('canvas').scrollLeft += frame.left - view.left - (view.width - frame.width) / 2;
      }
      let drag = null;
      $('canvas').addEventListener('pointerdown', event => { if (event.button === 0) drag = {x: event.clientX, y: event.clientY, isMoved: false}; });
      window.addEventListener('pointermove', event => {
        if (!drag) return;
        if (!drag.isMoved && Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y) < 5) return;
        drag.isMoved = true;
        $('canvas').classList.add('drag');
        $('canvas').scrollLeft -= event.clientX - drag.x;
        $('canvas').scrollTop -= event.clientY - drag.y;
        drag.x = event.clientX;
        drag.y = event.clientY;
      });
      window.addEventListener('pointerup', () => { setTimeout(() => { drag = null; }); $('canvas').classList.remove('drag'); });
      const pressed = element => {
        const name = nodes[Number(element.dataset.node)];
        stateFilter = name;
        refresh();
        const all = visits.get(name);
        if (all) chooseSpan(all.at(-1), false);
        else { mark(name); $('detail').replaceChildren(make('h2', '', shown(name)), make('p', 'sub', 'This state was not visited.')); }
      };
      svg.addEventListener('click', event => {
        const element = event.target.closest('[data-node]');
        if (element && !(drag && drag.isMoved)) pressed(element);
      });
      svg.addEventListener('keydown', event => {
        const element = event.target.closest('[data-node]');
        if (element && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); pressed(element); }
      });
    }
    """#

  private static let start = #"""
    const positionOf = new Map();
    events.forEach((event, position) => { if (!positionOf.has(event.id)) positionOf.set(event.id, position); });
    const failures = events.map((event, position) => position).filter(position => isFailure(events[position]));
    const closed = new Set();
    if (spans.length > 400) for (const span of spans) if (span.children.length > 20) closed.add(span);
    var stateFilter = null;
    let query = '', isTimeline = true, lastFailure = -1;
    // Without times, and where a long wait hides all else, the steps themselves are the scale.
    let isSteps = lastTime === 0;

    function drawSpan(span) {
      const row = make('div');
      const what = make('div', 'what');
      what.style.paddingLeft = Math.min(span.depth, 20) * 14 + 'px';
      const isFolded = closed.has(span);
      what.append(span.children.length ? make('span', 'fold', isFolded ? '▸' : '▾') : make('span', 'fold', ''));
      what.append(make('span', 'mark ' + span.status, marks[span.status]), make('span', 'name-of', shown(span.name)));
      what.append(make('span', 'kind-of', span.isVisit ? shown(span.type) : span.children.length ? '' : 'empty'));
      const track = make('div', 'track'), bar = make('div', 'bar ' + span.status + (span.isVisit && !span.children.length ? '' : ' group'));
      const total = (isSteps ? events.length - 1 : lastTime) || 1;
      const first = isSteps ? span.first : startOf(span), last = isSteps ? span.last ?? events.length - 1 : endOf(span);
      const from = first / total * 100, width = (last - first) / total * 100;
      bar.style.left = 'min(' + from.toFixed(3) + '%, calc(100% - 3px))';
      bar.style.width = width.toFixed(3) + '%';
      track.append(bar);
      row.append(what, track, make('span', 'time-of', spanTime(span)));
      row.title = [shown(span.name), span.status, spanTime(span)].filter(Boolean).join(', ');
      return row;
    }
    function drawEvent(position) {
      const event = events[position], row = make('div', isFailure(event) ? 'failure' : '');
      const details = detailsOf(event);
      const text = details.error ? details.error + (details.cause ? ': ' + details.cause : '') : details.output ?? details.input ?? details.parameters ?? (details.index !== undefined ? 'iteration ' + details.index : '');
      row.append(make('span', 'id-of', idText(position)), make('span', 'at-of', times[position] === null ? '' : '+' + duration(times[position])),
        make('span', 'type-of', shown(event.type)), make('span', 'state-of', shown(stateOf(position))), make('span', 'text-of', shown(String(text).slice(0, 300))));
      return row;
    }
    const bars = rowList($('bars'), drawSpan, span => chooseSpan(span, false), (span, isOpen) => {
      if (!span.children.length) return;
      if (isOpen ?? closed.has(span)) closed.delete(span); else closed.add(span);
      refresh();
    });
    const list = rowList($('list'), drawEvent, position => chooseEvent(position, false));

    function holds(value, wanted) {
      if (typeof value === 'string') return value.toLowerCase().includes(wanted);
      if (typeof value === 'number') return String(value) === wanted;
      if (value && typeof value === 'object') for (const key in value) if (holds(value[key], wanted)) return true;
      return false;
    }
    function refresh() {
      const kind = $('filter').value, wanted = query.toLowerCase();
      const found = [];
      for (let position = 0; position < events.length; position++) {
        const event = events[position];
        if (kind === 'failures' && !isFailure(event)) continue;
        if (kind === 'states' && !/State(Entered|Exited|Aborted)$/.test(event.type)) continue;
        if (kind === 'tasks' && !/^(Task|LambdaFunction|Activity)(?!State)/.test(event.type)) continue;
        if (stateFilter !== null && stateOf(position) !== stateFilter) continue;
        if (wanted && !holds(event, wanted) && !stateOf(position).toLowerCase().includes(wanted)) continue;
        found.push(position);
      }
      list.set(found);
      const isFiltered = wanted || kind || stateFilter !== null;
      const isShown = new Set();
      if (isFiltered) for (const position of found) for (let span = spanOfEvent[position]; span !== null; span = spans[span].parent) isShown.add(spans[span]);
      const rows = [];
      const stack = [...roots].reverse();
      while (stack.length) {
        const span = stack.pop();
        if (isFiltered && !isShown.has(span)) continue;
        rows.push(span);
        if (!closed.has(span)) for (let index = span.children.length - 1; index >= 0; index--) stack.push(span.children[index]);
      }
      bars.set(rows);
      const parts = isTimeline ? rows.length.toLocaleString('en') + (rows.length === 1 ? ' row' : ' rows') : found.length.toLocaleString('en') + ' of ' + events.length.toLocaleString('en') + (data.facts.length ? ' rows' : ' events');
      $('count').textContent = parts;
      const chip = $('chip');
      chip.hidden = stateFilter === null;
      chip.textContent = stateFilter === null ? '' : '✕ ' + shown(stateFilter);
      chip.title = 'Show all states again';
    }
    function scale() {
      $('axis').replaceChildren(...[0, 1, 2, 3].map(tick => {
        const element = make('span', '', isSteps ? '#' + (events[Math.floor((events.length - 1) * tick / 4)]?.id ?? '') : duration(lastTime * tick / 4));
        element.style.left = tick * 25 + '%';
        return element;
      }));
      // The axis ends where the bars do, beside the scroll bar.
      document.body.style.setProperty('--gutter', $('bars').offsetWidth - $('bars').clientWidth + 'px');
      $('scale').hidden = !hasTimes;
      $('scale').textContent = isSteps ? 'By time' : 'By events';
      $('scale').title = isSteps ? 'Bars as long as their time' : 'Bars as long as their number of events';
    }
    function view(isFirst) {
      isTimeline = isFirst;
      for (const [tab, panel, isOn] of [['tab-timeline', 'timeline', isFirst], ['tab-events', 'events', !isFirst]]) {
        $(tab).setAttribute('aria-selected', isOn);
        $(tab).tabIndex = isOn ? 0 : -1;
        $(panel).hidden = !isOn;
      }
      $('unfold').hidden = !isFirst;
      $('scale').hidden = !isFirst;
      refresh();
    }
    function unfoldTo(span) {
      let hasChanged = false;
      for (let outer = span.parent; outer !== null; outer = spans[outer].parent) if (closed.delete(spans[outer])) hasChanged = true;
      if (hasChanged) refresh();
    }
    function chooseSpan(span, isFromElsewhere) {
      unfoldTo(span);
      if (isFromElsewhere && !isTimeline) view(true);
      if (!bars.pick(span, true) && isFromElsewhere) { clear(); bars.pick(span, true); }
      mark(span.isVisit ? span.name : span.parent === null ? '' : spans[span.parent].name);
      showSpan(span);
    }
    function chooseEvent(position, isFromElsewhere) {
      if (isFromElsewhere && isTimeline) view(false);
      if (!list.pick(position, true) && isFromElsewhere) { clear(); list.pick(position, true); }
      mark(stateOf(position));
      showEvent(position);
    }
    function clear() {
      stateFilter = null;
      query = '';
      $('search').value = '';
      $('filter').value = '';
      refresh();
    }
    function step(by) {
      if (!failures.length) return;
      lastFailure = (lastFailure + by + failures.length) % failures.length;
      chooseEvent(failures[lastFailure], true);
    }
    $('tab-timeline').addEventListener('click', () => view(true));
    $('tab-events').addEventListener('click', () => view(false));
    for (const tab of ['tab-timeline', 'tab-events']) $(tab).addEventListener('keydown', event => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      view(!isTimeline);
      $(isTimeline ? 'tab-timeline' : 'tab-events').focus();
    });
    let typing = 0;
    $('search').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => { query = $('search').value.trim(); refresh(); }, 120);
    });
    $('filter').addEventListener('change', refresh);
    $('chip').addEventListener('click', () => { stateFilter = null; refresh(); });
    $('next').addEventListener('click', () => step(1));
    $('scale').addEventListener('click', () => { isSteps = !isSteps; scale(); refresh(); });
    $('unfold').addEventListener('click', () => {
      const isFolded = closed.size > 0;
      closed.clear();
      if (!isFolded) for (const span of spans) if (span.children.length) closed.add(span);
      $('unfold').textContent = isFolded ? 'Fold all' : 'Unfold all';
      refresh();
    });
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') { clear(); return; }
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (event.key === '/') { event.preventDefault(); $('search').focus(); }
      else if (event.key === 'n') step(1);
      else if (event.key === 'p') step(-1);
    });
    {
      const words = [hasTimes ? duration(lastTime) : '', eventCount.toLocaleString('en') + ' event' + (eventCount === 1 ? '' : 's')].filter(Boolean);
      const visited = [...visits.keys()].length;
      words.push(visited + ' state' + (visited === 1 ? '' : 's') + ' visited');
      if (events.length && events[0].timestamp !== undefined) words.push('from ' + moment(events[0].timestamp));
      $('facts').textContent = words.join(' · ');
      $('next').hidden = failures.length === 0;
      $('next').textContent = failures.length === 1 ? 'Failure' : 'Next of ' + failures.length + ' failures';
      $('unfold').textContent = closed.size ? 'Unfold all' : 'Fold all';
      view(true);
      scale();
      if (location.hash === '#events') view(false);
      // Who opens a failed execution wants to see where it failed.
      const failed = spans.findLast(span => span.isVisit && span.status === 'failed' && !span.children.some(inner => inner.status === 'failed'));
      if (failed && $('status').dataset.status === 'FAILED') chooseSpan(failed, false);
    }
    """#
}

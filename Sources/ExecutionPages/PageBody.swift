/// The parts of the page that are the same for every execution.
enum PageBody {
  /// - Parameters: texts that are safe in HTML.
  static func head(title: String, status: String) -> String {
    """
    <header>
    <h1>\(title)</h1>
    <p id="summary"><strong class="status" id="status" data-status="\(status.filter { $0.isASCII && ($0.isLetter || $0 == "_") })">\(status.filter { $0.isASCII && ($0.isLetter || $0 == "_") })</strong> <span id="facts"></span></p>
    <div class="tools" role="search">
    <input id="search" type="search" placeholder="Search states, types and payloads" aria-label="Search states, types and payloads" autocomplete="off" spellcheck="false">
    <select id="filter" aria-label="Which events"><option value="">all events</option><option value="failures">failures</option><option value="states">states entered and left</option><option value="tasks">tasks</option></select>
    <button type="button" id="chip" hidden></button>
    <button type="button" id="next" title="Go to the next failure (n)">Next failure</button>
    </div>
    </header>
    """
  }

  static let graphTools = """
    <div class="tools"><button type="button" id="smaller" aria-label="Smaller">−</button><button type="button" id="larger" aria-label="Larger">+</button>\
    <button type="button" id="fit">Fit</button><button type="button" id="whole">100 %</button>\
    <span class="legend"><i class="succeeded"></i>succeeded<i class="caught"></i>caught<i class="failed"></i>failed<i class="aborted"></i>aborted<i class="running"></i>running</span></div>
    """

  static let panels = """
    <section id="panels">
    <div role="tablist" aria-label="Views" class="tabs">
    <button type="button" role="tab" id="tab-timeline" aria-controls="timeline" aria-selected="true">Timeline</button>
    <button type="button" role="tab" id="tab-events" aria-controls="events" aria-selected="false" tabindex="-1">Events</button>
    <span id="count" aria-live="polite"></span>
    <button type="button" id="scale">By events</button>
    <button type="button" id="unfold">Unfold all</button>
    </div>
    <div id="views">
    <div id="timeline" role="tabpanel" aria-labelledby="tab-timeline"><div class="axis" id="axis" aria-hidden="true"></div><div class="rows" id="bars" role="listbox" aria-label="Visits of states" tabindex="0"></div></div>
    <div id="events" role="tabpanel" aria-labelledby="tab-events" hidden><div class="rows" id="list" role="listbox" aria-label="Events" tabindex="0"></div></div>
    </div>
    <div id="detail" tabindex="-1" aria-label="Details" role="region"><p class="empty">Choose a state, a bar or an event. Keys: <kbd>/</kbd> search, <kbd>n</kbd> next failure, <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>←</kbd> <kbd>→</kbd> fold, <kbd>Esc</kbd> clear.</p></div>
    </section>
    """
}

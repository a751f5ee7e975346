import StateGraphs

/// The page's one style sheet.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;\(GraphStyle.lightColours)--select:#dbe7ff;--key:#7c3aed;--text:#0b6e4f;--number:#b0480b}
    @media (prefers-color-scheme:dark){:root{\(GraphStyle.darkColours)--select:#24365e;--key:#c4a7ff;--text:#7fd6b0;--number:#f0a868}}
    *{box-sizing:border-box}
    body{margin:0;height:100vh;display:grid;grid-template-rows:auto minmax(0,1fr);background:var(--paper);color:var(--ink);font:14px/1.45 Helvetica,"Liberation Sans",Arial,sans-serif}
    header{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;padding:10px 16px;border-bottom:1px solid var(--rule)}
    h1{font-size:16px;margin:0;overflow-wrap:anywhere}
    header p{margin:0;color:var(--faint)}
    header .tools{margin-left:auto}
    .tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center}
    .status{display:inline-block;padding:1px 9px;border-radius:10px;color:var(--paper);background:var(--running);font-size:12px;margin-right:6px}
    .status[data-status=SUCCEEDED]{background:var(--succeeded)}
    .status[data-status=FAILED],.status[data-status=TIMED_OUT]{background:var(--failed)}
    .status[data-status=ABORTED]{background:var(--aborted)}
    button,input,select{font:inherit;font-size:13px;color:var(--ink);background:var(--box);border:1px solid var(--rule);border-radius:6px;padding:3px 10px}
    button{cursor:pointer}
    button:hover{border-color:var(--faint)}
    :focus-visible{outline:2px solid var(--running);outline-offset:1px}
    #search{width:230px;max-width:100%}
    #chip{background:var(--select);max-width:180px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    main{display:grid;grid-template-columns:minmax(300px,44%) minmax(0,1fr);min-height:0}
    #graph{display:flex;flex-direction:column;min-height:0;border-right:1px solid var(--rule)}
    #graph>.tools{padding:8px 12px;border-bottom:1px solid var(--rule)}
    .legend{color:var(--faint);font-size:12px;margin-left:auto}
    .legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin:0 4px 0 10px}
    .legend .succeeded,.bar.succeeded{background:var(--succeeded)}
    .legend .caught,.bar.caught{background:var(--caught)}
    .legend .failed,.bar.failed{background:var(--failed)}
    .legend .aborted,.bar.aborted{background:var(--aborted)}
    .legend .running,.bar.running{background:var(--running)}
    #canvas{flex:1;overflow:auto;min-height:0;cursor:grab}
    #canvas svg{display:block;margin:0 auto}
    #canvas.drag{cursor:grabbing}
    .note,.empty{color:var(--faint);margin:0;padding:10px 14px}
    .graph .state[tabindex]{cursor:pointer;outline:none}
    .graph .state:focus-visible>.box,.graph .state.chosen>.box{stroke:var(--running);stroke-width:3}
    .graph .state[tabindex]:hover>.box{stroke-width:2.6}
    \(GraphStyle.rules)
    #panels{display:grid;grid-template-rows:auto minmax(0,1fr) minmax(0,46%);min-height:0;min-width:0}
    .tabs{display:flex;gap:4px;align-items:center;padding:8px 12px;border-bottom:1px solid var(--rule)}
    .tabs [role=tab]{border-color:transparent;background:none;color:var(--faint);font-weight:bold}
    .tabs [role=tab][aria-selected=true]{color:var(--ink);background:var(--area);border-color:var(--rule)}
    #count{color:var(--faint);font-size:12px;margin:0 auto 0 8px}
    #views{min-height:0;position:relative}
    #timeline,#events{position:absolute;inset:0;display:flex;flex-direction:column}
    [hidden]{display:none!important}
    .rows{flex:1;min-height:0;overflow:auto;scrollbar-gutter:stable;position:relative;outline-offset:-2px}
    .space{position:relative;min-width:100%}
    .row{position:absolute;left:0;right:0;height:26px;display:flex;align-items:center;gap:8px;padding:0 12px;cursor:pointer;white-space:nowrap;overflow:hidden}
    .row:hover{background:var(--area)}
    .row[aria-selected=true]{background:var(--select)}
    .axis{height:22px;position:relative;margin:0 calc(104px + var(--gutter,0px)) 0 calc((100% - 24px - var(--gutter,0px))*.42 + 20px);border-bottom:1px solid var(--rule);font-size:11px;color:var(--faint)}
    .axis span{position:absolute;top:3px;border-left:1px solid var(--rule);padding-left:3px;white-space:nowrap}
    .what{flex:0 0 42%;display:flex;align-items:center;min-width:0;overflow:hidden}
    .fold{border:none;background:none;padding:0;width:20px;flex:none;color:var(--faint);text-align:center}
    .mark{flex:none;width:18px;font-weight:bold;text-align:center}
    .mark.succeeded{color:var(--succeeded)}.mark.caught{color:var(--caught)}.mark.failed{color:var(--failed)}.mark.aborted{color:var(--aborted)}.mark.running{color:var(--running)}
    .name-of,.text-of{overflow:hidden;text-overflow:ellipsis;unicode-bidi:isolate}
    .kind-of{color:var(--faint);font-size:12px;margin-left:8px;flex:none}
    .time-of{color:var(--faint);font-size:12px;flex:0 0 84px;text-align:right;font-variant-numeric:tabular-nums}
    .track{flex:1;position:relative;height:100%;min-width:0}
    .bar{position:absolute;top:7px;height:12px;border-radius:3px;min-width:3px}
    .bar.group{opacity:.45}
    .id-of{flex:0 0 52px;text-align:right;color:var(--faint);font-variant-numeric:tabular-nums}
    .at-of{flex:0 0 88px;text-align:right;color:var(--faint);font-size:12px;font-variant-numeric:tabular-nums}
    .type-of{flex:0 0 205px;overflow:hidden;text-overflow:ellipsis}
    .failure .type-of{color:var(--failed);font-weight:bold}
    .state-of{flex:0 0 170px;overflow:hidden;text-overflow:ellipsis;unicode-bidi:isolate}
    .text-of{color:var(--faint);flex:1;min-width:0}
    #detail{overflow:auto;border-top:1px solid var(--rule);padding:10px 14px;min-height:0}
    #detail h2{font-size:15px;margin:0 0 2px;overflow-wrap:anywhere;unicode-bidi:isolate}
    #detail h3{font-size:12px;margin:12px 0 3px;color:var(--faint);display:flex;gap:8px;align-items:center}
    #detail .sub{color:var(--faint);margin:0 0 6px}
    #detail .small{font-size:11px;padding:0 7px;font-weight:normal}
    #detail .links{display:flex;flex-wrap:wrap;gap:4px}
    .payload{font:12.5px/1.5 ui-monospace,"Liberation Mono",Menlo,Consolas,monospace;background:var(--area);border:1px solid var(--rule);border-radius:6px;padding:6px 10px;overflow-x:auto;unicode-bidi:isolate}
    .payload .plain{white-space:pre-wrap;overflow-wrap:anywhere}
    .payload details{padding-left:16px}
    .payload .leaf{padding-left:16px}
    .payload summary{cursor:pointer;margin-left:-16px;list-style-position:inside}
    .payload .key{color:var(--key);unicode-bidi:isolate;white-space:pre-wrap;overflow-wrap:anywhere}
    .payload .string{color:var(--text);white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
    .payload .number{color:var(--number)}
    .payload .word{color:var(--failed)}
    .payload .size{color:var(--faint)}
    .error{color:var(--failed);font-weight:bold;overflow-wrap:anywhere}
    @media (max-width:820px){body{height:auto;display:block}main{display:block}#graph{border-right:none;border-bottom:1px solid var(--rule)}#canvas{max-height:70vh}#panels{display:block}#views{height:60vh}#detail{min-height:200px}}
    @media print{
    body{height:auto;display:block}main,#panels{display:block}.tools,.tabs,.fold,#detail .small{display:none}
    #canvas,.rows,#detail{overflow:visible;height:auto;max-height:none}#graph{display:block;border:none}#canvas svg{max-width:100%;max-height:22cm;width:auto;height:auto}
    #views{position:static;height:auto}#timeline,#events{position:static;display:block!important}.row{position:static!important;break-inside:avoid}.space{height:auto!important}
    h1{font-size:18px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    }

    """
}

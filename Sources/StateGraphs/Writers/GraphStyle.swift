/// The style sheet of drawings: light, or dark where the reader prefers that. A page that holds a drawing takes it into its own style sheet.
public enum GraphStyle {
  /// Variables for the light and the dark theme.
  public static let lightColours = """
    --paper:#ffffff;--ink:#1b2330;--faint:#5f6b7c;--rule:#c3cad5;--box:#ffffff;--box-line:#8b97a8;--area:#f4f6f9;--line:#66738a;--catch:#b26a00;\
    --task:#c2410c;--choice:#7c3aed;--wait:#0369a1;--pass:#475569;--parallel:#0f766e;--map:#0f766e;\
    --succeeded:#15803d;--succeeded-box:#e8f6ec;--failed:#c81e1e;--failed-box:#fdeaea;--caught:#b45309;--caught-box:#fdf3e0;\
    --aborted:#6b7280;--aborted-box:#eceef1;--running:#1d4ed8;--running-box:#e6eefe;
    """
  public static let darkColours = """
    --paper:#12161d;--ink:#e6eaf1;--faint:#9aa6b8;--rule:#39424f;--box:#1b212b;--box-line:#64718a;--area:#171c25;--line:#8a97ab;--catch:#e0a04a;\
    --task:#fb923c;--choice:#b794f6;--wait:#5bb8ea;--pass:#a3b0c2;--parallel:#4cc9b8;--map:#4cc9b8;\
    --succeeded:#4ade80;--succeeded-box:#12291b;--failed:#f87171;--failed-box:#331719;--caught:#fbbf24;--caught-box:#2e2411;\
    --aborted:#9ca3af;--aborted-box:#23272e;--running:#7aa2ff;--running-box:#17233d;
    """

  /// What applies to the elements of a drawing, by the class `graph` of its root.
  public static let rules = """
    .graph{font-family:Helvetica,"Liberation Sans",Arial,sans-serif}
    .graph text{fill:var(--ink)}
    .graph .name{font-size:13px;font-weight:bold}
    .graph .detail{font-size:11px;fill:var(--faint)}
    .graph .label{font-size:11px;fill:var(--faint)}
    .graph .label.catch{fill:var(--catch)}
    .graph .box{fill:var(--box);stroke:var(--box-line);stroke-width:1.2}
    .graph .behind{fill:none;stroke:var(--box-line);stroke-width:1.2}
    .graph .area{fill:var(--area);stroke:var(--rule)}
    .graph .missing .box{stroke:var(--failed);stroke-dasharray:5 4}
    .graph .line{fill:none;stroke:var(--line);stroke-width:1.4;stroke-linejoin:round}
    .graph .tip{fill:var(--line)}
    .graph .line.catch{stroke:var(--catch)}
    .graph .tip.catch{fill:var(--catch)}
    .graph .line.taken{stroke:var(--ink);stroke-width:2.4}
    .graph .tip.taken{fill:var(--ink)}
    .graph .line.catch.taken{stroke:var(--catch)}
    .graph .tip.catch.taken{fill:var(--catch)}
    .graph .dot{fill:var(--line)}
    .graph .ring{fill:var(--paper);stroke:var(--line);stroke-width:1.6}
    .graph .symbol{fill:none;stroke:var(--pass);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
    .graph .type-Task .symbol{stroke:var(--task)}
    .graph .type-Choice .symbol{stroke:var(--choice)}
    .graph .type-Wait .symbol{stroke:var(--wait)}
    .graph .type-Parallel .symbol,.graph .type-Map .symbol{stroke:var(--parallel)}
    .graph .type-Succeed .symbol{stroke:var(--succeeded)}
    .graph .type-Fail .symbol{stroke:var(--failed)}
    .graph.marked .unvisited>.box,.graph.marked .unvisited>.behind{stroke:var(--rule)}
    .graph.marked .unvisited>.name{fill:var(--faint)}
    .graph.marked .line:not(.taken){stroke:var(--rule)}
    .graph.marked .tip:not(.taken){fill:var(--rule)}
    .graph .badge rect{stroke:none}
    .graph .badge text{fill:var(--paper);font-size:10px;font-weight:bold}

    """ + StateOutcome.Status.allCases.map(\.rawValue).map { status in
      """
      .graph .\(status)>.box{stroke:var(--\(status));fill:var(--\(status)-box);stroke-width:1.8}
      .graph .\(status)>.badge rect{fill:var(--\(status))}

      """
    }.joined()

  /// The whole style sheet of a drawing that stands alone.
  static let alone = """
    .graph{\(lightColours)background:var(--paper)}
    @media (prefers-color-scheme:dark){.graph{\(darkColours)}}
    \(rules)
    """
}

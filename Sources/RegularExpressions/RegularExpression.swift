/// A compiled regular expression, backed by PCRE2 with a limit on matching steps so that no pattern can hang the engine.

namespace Atlas.Host.Service.Http;

/// <summary>The page at <c>/</c>: one file without anything from elsewhere, which reads <c>/metrics</c> every second.</summary>
internal static class DashboardPage
{
    /// <summary>The page.</summary>
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Atlas</title>
        <style>
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b2733; }
        h1 { font-size: 1.3rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .8rem; }
        .tile { border: 1px solid #d4dbe2; border-radius: .4rem; padding: .6rem .8rem; }
        .tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        svg { width: 100%; height: 9rem; border: 1px solid #d4dbe2; border-radius: .4rem; margin: 1rem 0; }
        table { border-collapse: collapse; width: 100%; }
        td { border-top: 1px solid #e4e9ee; padding: .2rem .4rem; }
        td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
        </style>
        <h1>Atlas</h1>
        <div class="tiles" id="tiles"></div>
        <svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label="accepted draft tokens per second, last five minutes">
        <polyline id="line" fill="none" stroke="#2a6fb0" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg>
        <table><tbody id="all"></tbody></table>
        <script>
        const history = [];
        const past = [];
        let last = null;
        function parse(text) {
          const values = {};
          for (const line of text.split("\n")) {
            if (!line || line[0] === "#") continue;
            const cut = line.lastIndexOf(" ");
            values[line.slice(0, cut)] = Number(line.slice(cut + 1));
          }
          return values;
        }
        function rate(now, name) {
          if (!last || !(name in now)) return 0;
          return Math.max(0, (now[name] - last.values[name]) * 1000 / (now.at - last.at));
        }
        function tile(name, value) {
          const box = document.createElement("div");
          box.className = "tile";
          box.textContent = name;
          box.appendChild(document.createElement("b")).textContent = value;
          return box;
        }
        // Median and 99th percentile of what was counted in the last minute, or ever where that is nothing; bounds of buckets, in milliseconds.
        function latency(values, name) {
          const bucket = `atlas_${name}_bucket{le="`;
          const bounds = Object.keys(values).filter(key => key.startsWith(bucket));
          if (!bounds.length) return [];
          const since = base => bounds.map(key => values[key] - (base[key] || 0));
          let counts = since(past[0] || {});
          if (!counts[counts.length - 1]) counts = since({});
          const all = counts[counts.length - 1];
          const at = part => {
            const bound = bounds[counts.findIndex(count => count >= part * all)].slice(bucket.length, -2);
            return bound === "+Inf" ? "more" : "\u2264 " + Number((1000 * bound).toPrecision(3));
          };
          return [all ? `${at(0.5)} / ${at(0.99)}` : "-"];
        }
        // Who drafted, as parts of all draft tokens.
        function speculators(values) {
          const begin = 'atlas_speculator_draft_tokens{speculator="';
          const by = Object.entries(values).filter(e => e[0].startsWith(begin)).map(e => [e[0].slice(begin.length, -2), e[1]]);
          const all = by.reduce((sum, e) => sum + e[1], 0);
          return by.map(e => ["drafted by " + e[0], all ? Math.round(100 * e[1] / all) + " %" : "-"]);
        }
        async function show() {
          try {
            const values = parse(await (await fetch("/metrics")).text());
            values.at = performance.now();
            const drafts = values.atlas_spec_decode_num_drafts || 0, accepted = values.atlas_spec_decode_num_accepted_tokens || 0;
            const drafted = values.atlas_spec_decode_num_draft_tokens || 0;
            const speed = rate(values, "atlas_spec_decode_num_accepted_tokens");
            history.push(speed);
            if (history.length > 300) history.shift();
            const tiles = [["acceptance length", drafts ? (1 + accepted / drafts).toFixed(2) : "-"],
              ["acceptance rate", drafted ? (accepted / drafted).toFixed(2) : "-"], ["lookahead", drafts ? (drafted / drafts).toFixed(2) : "-"],
              ["accepted tokens/s", speed.toFixed(0)], ...speculators(values)];
            if ("atlas_num_requests_running" in values) tiles.push(["running", values.atlas_num_requests_running], ["waiting", values.atlas_num_requests_waiting]);
            if ("atlas_gain_over_plain" in values) tiles.push(["goodput over plain", values.atlas_gain_over_plain.toFixed(2)]);
            if ("atlas_sidecar_sessions" in values) tiles.push(["sessions", values.atlas_sidecar_sessions], ["ready answers", values.atlas_sidecar_ready_share.toFixed(2)]);
            if ("atlas_trainer_published" in values) tiles.push(["versions published", values.atlas_trainer_published]);
            if ("atlas_drift_events" in values) tiles.push(["drift events", values.atlas_drift_events]);
            for (const [name, title] of [["time_to_first_token_seconds", "first token, ms p50 / p99"], ["inter_token_latency_seconds", "next token, ms p50 / p99"],
              ["request_queue_time_seconds", "in the queue, ms p50 / p99"], ["sidecar_draft_seconds", "draft call, ms p50 / p99"]])
              tiles.push(...latency(values, name).map(shown => [title, shown]));
            document.getElementById("tiles").replaceChildren(...tiles.map(t => tile(t[0], t[1])));
            const top = Math.max(1, ...history);
            document.getElementById("line").setAttribute("points", history.map((v, i) => `${i * 2},${98 - 96 * v / top}`).join(" "));
            const rows = Object.entries(values).filter(e => e[0] !== "at" && !e[0].includes("_bucket{"));
            const body = document.getElementById("all");
            body.replaceChildren(...rows.map(([name, value]) => {
              const row = document.createElement("tr");
              for (const text of [name, String(value)]) row.appendChild(document.createElement("td")).textContent = text;
              return row;
            }));
            last = { values, at: values.at };
            past.push(values);
            if (past.length > 60) past.shift();
          } catch (e) { document.getElementById("tiles").textContent = "the service does not answer"; }
          setTimeout(show, 1000);
        }
        show();
        </script>
        </html>

        """;
}

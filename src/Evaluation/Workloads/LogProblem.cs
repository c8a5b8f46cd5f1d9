namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Something a service logs when it is in trouble, with what an experienced reader knows about it. Placeholders: a number <c>{n}</c>, a code
/// <c>{c}</c>, a text <c>{s}</c>, a person <c>{p}</c>, a place <c>{l}</c>.
/// </summary>
/// <param name="Error">Error rather than warning.</param>
/// <param name="Message">The line in the log.</param>
/// <param name="Meaning">What happened, in a clause that follows the service's name; its placeholders are those of the message.</param>
/// <param name="Cause">The usual cause.</param>
/// <param name="Advice">What to do.</param>
internal sealed record LogProblem(bool Error, string Message, string Meaning, string Cause, string Advice)
{
    /// <summary>Every problem, warnings and errors.</summary>
    public static readonly LogProblem[] All =
    [
        new(true, "timeout after {n} ms", "gave up waiting after {n} milliseconds",
            "an upstream service is overloaded", "check the load of the upstream service before raising the limit"),
        new(true, "lost connection to {c}", "can no longer reach {c}",
            "the peer restarted or a firewall rule changed", "ping the peer and look at the latest deployment"),
        new(true, "ENOENT {s}", "could not find the file {s}",
            "a cleanup job removed it too early", "restore it from backup and stop the cleanup job"),
        new(true, "job {n} exit 137", "had its job {n} killed",
            "the container ran out of memory", "give the container more memory or split the job"),
        new(true, "HTTP 403 user={p}", "refused {p}",
            "a role was revoked or a token has expired", "ask the owner of the account to sign in again"),
        new(true, "OOM at {n} MB", "exhausted its {n} megabytes",
            "a cache grows without bound", "cap the cache and take a heap dump"),
        new(true, "CRC mismatch {s}", "read a damaged copy of {s}",
            "the disk is failing", "replace the disk and copy the data again"),
        new(true, "no route to {l}", "cannot see the site in {l}",
            "a network link is down", "call the network operator and use the other line"),
        new(true, "duplicate key {c}", "tried to insert {c} twice",
            "a retry ran without an idempotency key", "make the insert idempotent"),
        new(true, "TLS cert expired {n} h ago", "uses a certificate that is {n} hours out of date",
            "the automatic renewal did not run", "renew the certificate by hand and fix the timer"),
        new(false, "slow reply {n} ms", "answered only after {n} milliseconds",
            "a query lacks an index", "look at the slow query list"),
        new(false, "queue depth {n}", "has {n} messages waiting",
            "consumers are too few for the traffic", "start more consumers"),
        new(false, "retry {n} for {c}", "is on attempt {n} with {c}",
            "the other side rejects requests now and then", "wait for the retries to succeed"),
        new(false, "disk {n} MB left", "has just {n} megabytes of disk left",
            "old files are never rotated", "rotate the files and enlarge the volume"),
        new(false, "schema of {s} outdated", "works with an old layout of {s}",
            "a migration was skipped", "run the migration"),
        new(false, "clock drift {n} ms", "is off by {n} milliseconds",
            "time synchronization has stopped", "restart the time daemon"),
        new(false, "rate limit user={p}", "slowed {p} down",
            "a client sends more than its share", "raise the quota or talk to the client"),
        new(false, "failover to {l}", "moved its traffic to {l}",
            "the primary site missed its health checks", "verify the primary site and move back"),
    ];
}

// Engines use every core, and allocation is counted over the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

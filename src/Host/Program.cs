using Atlas.Host.CommandLine;

return AtlasCommand.Run(args);

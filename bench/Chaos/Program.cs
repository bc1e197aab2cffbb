using Holdfast.Chaos;

// A node or a guard of the scene, started by the scene itself: its configuration is a file.
return args switch
{
    ["node", var file] => await ChaosNode.RunAsync(NodeConfig.Read(file)),
    ["guard", var file] => await ChaosGuard.RunAsync(NodeConfig.Read(file)),
    _ => await ChaosCommand.RunAsync(args),
};

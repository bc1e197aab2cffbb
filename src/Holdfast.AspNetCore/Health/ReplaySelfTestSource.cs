namespace Holdfast.AspNetCore;

/// <summary>The self-tests of one door; asked for when they are run, because a door is built after its options.</summary>
internal delegate IEnumerable<ReplaySelfTest> ReplaySelfTestSource();

using Atlas.Modeling;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

public sealed class MemoryCheckpointsTests
{
    private readonly Dictionary<string, byte[]> _files = new() { ["a"] = [1, 2, 3], ["b"] = [.. new byte[100]] };

    [Fact]
    public void The_newest_checkpoint_of_every_namespace_comes_back_whatever_its_name()
    {
        using var directory = new TemporaryDirectory();
        string[] names = ["default", "../../etc", "a/b\\c", "", "\u00fc\u4e2d"];
        var checkpoints = new MemoryCheckpoints(directory.Path, "target", 3);
        Assert.Empty(checkpoints.Newest());
        for (byte round = 1; round <= 5; round++)
            foreach (string name in names)
                checkpoints.Save(name, new Dictionary<string, byte[]> { ["file"] = [round, (byte)name.Length] });
        var newest = new MemoryCheckpoints(directory.Path, "target", 3).Newest();
        Assert.Equal(names.Order(), newest.Select(one => one.Namespace).Order());
        foreach (var one in newest)
        {
            Assert.Equal([5, (byte)one.Namespace.Length], File.ReadAllBytes(one.Find("file")!));
            Assert.Null(one.Find("other"));
            Assert.Equal(3, Directory.GetDirectories(Path.GetDirectoryName(one.Folder)!).Length);
        }
        Assert.True(checkpoints.Delete("default"));
        Assert.False(checkpoints.Delete("default"));
        Assert.Equal(4, checkpoints.Newest().Count);
    }

    [Fact]
    public void Those_of_another_target_are_refused_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        new MemoryCheckpoints(directory.Path, "aaaaaaaaaaaaaaaaaaaaaaaa", 3).Save("default", _files);
        var other = new MemoryCheckpoints(directory.Path, "bbbbbbbbbbbbbbbbbbbbbbbb", 3);
        Assert.Empty(other.Newest());
        string message = Assert.Throws<CheckpointException>(other.Check).Message;
        Assert.Contains(directory.Path, message);
        Assert.Contains("aaaaaaaaaaaa", message);
        Assert.Contains("bbbbbbbbbbbb", message);
        Assert.Contains("; expected ", message);
        Assert.DoesNotContain('\n', message);
        new MemoryCheckpoints(directory.Path, "aaaaaaaaaaaaaaaaaaaaaaaa", 3).Check();
        new MemoryCheckpoints(Path.Combine(directory.Path, "missing"), "b", 3).Check();
    }

    [Fact]
    public void A_damaged_one_is_passed_over_for_the_one_before()
    {
        for (int round = 0; round < 40; round++)
        {
            var random = new Random(round);
            using var directory = new TemporaryDirectory();
            var checkpoints = new MemoryCheckpoints(directory.Path, "target", 3);
            for (byte i = 1; i <= 3; i++) checkpoints.Save("default", new Dictionary<string, byte[]> { ["file"] = [.. Enumerable.Repeat(i, 50)] });
            string[] files = Directory.GetFiles(checkpoints.Newest()[0].Folder);
            string file = files[random.Next(files.Length)];
            byte[] content = File.ReadAllBytes(file);
            if (random.Next(2) == 0) content = content[..random.Next(content.Length)];
            else content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, content);
            Assert.Equal(2, File.ReadAllBytes(checkpoints.Newest().Single().Find("file")!)[0]);
            // And the next one takes a number above the damaged one's.
            checkpoints.Save("default", new Dictionary<string, byte[]> { ["file"] = [4] });
            Assert.Equal(4, File.ReadAllBytes(checkpoints.Newest().Single().Find("file")!)[0]);
        }
    }

    [Fact]
    public void A_learners_checkpoints_lie_beside_and_are_deleted_with_it()
    {
        using var directory = new TemporaryDirectory();
        var checkpoints = new MemoryCheckpoints(directory.Path, "first", 3);
        using (var rig = new OnlineRig(OnlineRig.Options(directory.Path)))
        {
            rig.Decode(40, "tenant");
            checkpoints.Save("tenant", _files);
        }
        string root = Assert.Single(Directory.GetDirectories(directory.Path));
        Assert.Contains(Directory.GetDirectories(root), folder => Path.GetFileName(folder).StartsWith("version-"));
        Assert.Contains(Directory.GetDirectories(root), folder => Path.GetFileName(folder).StartsWith("memory-"));
        using var resumed = new OnlineRig(OnlineRig.Options(directory.Path));
        resumed.Decode(1, "tenant", tokens: 2);
        Assert.True(resumed.Trainer.Statistics.Namespaces[0].Version > 0);
        Assert.True(resumed.Trainer.Forget("tenant"));
        Assert.Empty(checkpoints.Newest());
    }
}

using Atlas.Modeling.Checkpoints;
using Atlas.Trainer.Online;
using Atlas.Trainer.Tests.Pretraining;

namespace Atlas.Trainer.Tests.Online;

public sealed class CheckpointFoldersTests
{
    [Fact]
    public void A_write_that_ends_at_any_file_leaves_the_checkpoint_before()
    {
        for (int round = 0; round < 60; round++)
        {
            var random = new Random(round);
            using var directory = new TemporaryDirectory();
            var folders = new CheckpointFolders(directory.Path, 3);
            int saved = random.Next(1, 5);
            for (int i = 1; i <= saved; i++) folders.Save(i, folder => Write(folder, i, 3));
            int dies = random.Next(4);
            Assert.Throws<IOException>(() => folders.Save(saved + random.Next(2), folder =>
            {
                Write(folder, 99, dies);
                // What was being written when the process died is cut short somewhere.
                File.WriteAllText(Path.Combine(folder, "file9"), new string('x', random.Next(50)));
                throw new IOException("the process dies here");
            }));
            AssertNewest(new CheckpointFolders(directory.Path, 3), saved);
            new CheckpointFolders(directory.Path, 3).Save(saved + 2, folder => Write(folder, saved + 2, 3));
            AssertNewest(folders, saved + 2);
            Assert.Empty(Directory.EnumerateDirectories(directory.Path, ".*"));
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_wherever_it_is_damaged()
    {
        for (int round = 0; round < 80; round++)
        {
            var random = new Random(round);
            using var directory = new TemporaryDirectory();
            var folders = new CheckpointFolders(directory.Path, 3);
            for (int i = 1; i <= 3; i++) folders.Save(i, folder => Write(folder, i, 3));
            string newest = folders.Whole().First();
            string[] files = Directory.GetFiles(newest);
            string file = files[random.Next(files.Length)];
            byte[] content = File.ReadAllBytes(file);
            switch (random.Next(3))
            {
                case 0: File.Delete(file); break;
                case 1: File.WriteAllBytes(file, content[..random.Next(content.Length)]); break;
                default:
                    content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
                    File.WriteAllBytes(file, content);
                    break;
            }
            AssertNewest(folders, 2);
        }
    }

    [Fact]
    public void A_few_are_kept_and_one_of_the_same_number_is_replaced()
    {
        using var directory = new TemporaryDirectory();
        var folders = new CheckpointFolders(directory.Path, 3);
        Assert.Empty(folders.Whole());
        for (int i = 1; i <= 9; i++) folders.Save(i, folder => Write(folder, i, 2));
        Assert.Equal(3, folders.Whole().Count());
        folders.Save(9, folder => Write(folder, 42, 2));
        AssertNewest(folders, 42);
        Assert.Equal(3, folders.Whole().Count());
    }

    private static void Write(string folder, int content, int files)
    {
        for (int i = 0; i < files; i++) AtomicFile.Write(Path.Combine(folder, $"file{i}"), [.. Enumerable.Repeat((byte)content, 40 + i)]);
    }

    private static void AssertNewest(CheckpointFolders folders, int content) =>
        Assert.Equal((byte)content, File.ReadAllBytes(Path.Combine(folders.Whole().First(), "file0"))[0]);
}

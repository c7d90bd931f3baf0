using System.Text;

namespace NetGen.Tests;

public class PortableMapTests
{
    [Theory]
    [InlineData("P2\n3 2\n15\n0 3 6\n9 12 15\n")]
    [InlineData("P2 # a comment\n# another 7 8 9\n3 2 15\r\n0 3 6 9 12 15")]
    [InlineData("P2#\n3\t2\n15#x\n#\n0 3 6 9 12 15 #")]
    public void Grey_text_is_read(string text)
    {
        Image image = Image.Decode(Encoding.ASCII.GetBytes(text));
        Assert.Equal((1, 2, 3), (image.Channels, image.Height, image.Width));
        Assert.Equal([0, 3 / 15f, 6 / 15f, 9 / 15f, 12 / 15f, 1], image.Pixels);
    }

    [Fact]
    public void Colour_text_becomes_planes()
    {
        Image image = Image.Decode("P3 2 1 9  1 2 3  4 5 9"u8);
        Assert.Equal((3, 1, 2), (image.Channels, image.Height, image.Width));
        Assert.Equal([1 / 9f, 4 / 9f, 2 / 9f, 5 / 9f, 3 / 9f, 1], image.Pixels);
    }

    [Fact]
    public void Bytes_are_read_in_8_and_16_bits()
    {
        Assert.Equal([10 / 200f, 1, 0, 32 / 200f], Image.Decode([.. "P5 2 2 200\n"u8, 10, 200, 0, 32]).Pixels);
        Assert.Equal([258 / 65535f, 1], Image.Decode([.. "P5\n2 1\n65535\n"u8, 1, 2, 255, 255]).Pixels);
        Assert.Equal([0.25f, 0.5f, 1], Image.Decode([.. "P6\n1 1\n256 "u8, 0, 64, 0, 128, 1, 0]).Pixels);
        Assert.Equal(
            [1 / 255f, 4 / 255f, 2 / 255f, 5 / 255f, 3 / 255f, 6 / 255f], Image.Decode([.. "P6 2 1 255\n"u8, 1, 2, 3, 4, 5, 6]).Pixels);
    }

    [Theory]
    [InlineData("P2", "no PNG, PGM or PPM")]
    [InlineData("P1 1 1 0", "no PNG, PGM or PPM")]
    [InlineData("", "empty")]
    [InlineData("P2 ", "ends before its width")]
    [InlineData("P2 3 x", "height is no number")]
    [InlineData("P2 3 -1", "height is no number")]
    [InlineData("P2 3 2 0 1", "maximum 0")]
    [InlineData("P2 0 2 9 1", "0 × 2")]
    [InlineData("P2 3 2 65536", "maximum is above 65535")]
    [InlineData("P2 99999999999 2 9", "width is above")]
    [InlineData("P2 2 2 9 1 2 3", "truncated")]
    [InlineData("P2 2 2 9 1 2 3 10", "sample is above 9")]
    [InlineData("P2 2 2 9 1 2 # 3 4", "ends before its sample")]
    [InlineData("P5 2 1 9", "no space follows")]
    [InlineData("P5 2 2 9 123", "4 bytes, 3 are there")]
    [InlineData("P5 2 1 9 12", "a sample is 49")]
    [InlineData("P6 2000000000 2000000000 255 xyz", "truncated")]
    [InlineData("P3 2147483647 2147483647 65535 1 2 3", "truncated")]
    public void Wrong_files_are_told_apart(string text, string expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Image.Decode(Encoding.ASCII.GetBytes(text))).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Noise_is_refused_or_read_and_nothing_else()
    {
        RandomSource random = new(2);
        byte[] alphabet = "P2356 0123456789#\n\t\r-x\0"u8.ToArray();
        int read = 0;
        for (int round = 0; round < 50_000; round++)
        {
            byte[] noise = [.. Enumerable.Range(0, random.NextInt(30)).Select(_ => alphabet[random.NextInt(alphabet.Length)])];
            byte kind = alphabet[1 + random.NextInt(4)];
            byte[] start = random.NextInt(2) == 0 ? [.. "P5 1 1 9"u8] : [(byte)'P', kind, (byte)' ', (byte)'1', (byte)' '];
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Image image = Image.Decode([.. start, .. noise]);
                Assert.All(image.Pixels, value => Assert.InRange(value, 0, 1));
                read++;
            }
            catch (InvalidDataException)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.InRange(read, 1, 49_999);
    }
}

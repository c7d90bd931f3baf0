using System.Runtime.ExceptionServices;

namespace NetGen;

/// <summary>Makes the varied inputs of each batch; where a thread can be had, the next batch's while the network trains on this
/// one.</summary>
/// <remarks>A sample's random numbers depend on its index and the epoch only, so the bits are the same with and without the
/// thread.</remarks>
internal sealed class AugmentedInputs : IDisposable
{
    private readonly SampleSource source;
    private readonly Augmentation augmentation;
    private readonly ulong seed;
    private readonly int[] order;
    private readonly float[][] buffers;
    private readonly RandomSource random = new(0);
    private readonly SemaphoreSlim asked = new(0), ready = new(0);
    private readonly Thread? thread;
    private (int Epoch, int First) pending;
    private int filled;
    private bool closed;
    private ExceptionDispatchInfo? failure;

    /// <param name="source">The samples.</param>
    /// <param name="augmentation">Varies one.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="order">The samples' order; changes only between the last batch of an epoch and the first of the next.</param>
    /// <param name="ahead">Whether a thread may prepare batches.</param>
    public AugmentedInputs(SampleSource source, Augmentation augmentation, ulong seed, int[] order, bool ahead)
    {
        this.source = source;
        this.augmentation = augmentation;
        this.seed = seed;
        this.order = order;
        buffers = new float[ahead ? 2 : 1][];
        for (int i = 0; i < buffers.Length; i++)
            buffers[i] = new float[checked(source.BatchSize * source.InputLength)];
        if (ahead)
        {
            thread = new Thread(PrepareBatches) { IsBackground = true, Name = "NetGen augmentation" };
            thread.Start();
        }
    }

    /// <summary>A batch's inputs. They stay until the next call.</summary>
    public ReadOnlySpan<float> Batch(int epoch, int first)
    {
        if (thread is null)
        {
            Fill(buffers[0], epoch, first);
            return Filled(0, first);
        }

        if (pending != (epoch, first))
            Ask(epoch, first);
        ready.Wait();
        failure?.Throw();
        int current = filled;
        filled ^= 1;
        int next = first + Count(first);
        if (next < order.Length)
            Ask(epoch, next);
        return Filled(current, first);
    }

    /// <summary>Ends the thread, after the batch that it is at.</summary>
    public void Dispose()
    {
        closed = true;
        asked.Release();
        thread?.Join();
        asked.Dispose();
        ready.Dispose();
    }

    private void Ask(int epoch, int first)
    {
        pending = (epoch, first);
        asked.Release();
    }

    private void PrepareBatches()
    {
        for (asked.Wait(); !closed; asked.Wait())
        {
            try
            {
                Fill(buffers[filled], pending.Epoch, pending.First);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            ready.Release();
        }
    }

    private void Fill(float[] buffer, int epoch, int first)
    {
        ReadOnlySpan<int> samples = order.AsSpan(first, Count(first));
        source.CopyInputs(samples, buffer);
        for (int i = 0; i < samples.Length; i++)
        {
            random.Restart(RandomSource.Derive(seed, (ulong)epoch, (ulong)samples[i]));
            augmentation(buffer.AsSpan(i * source.InputLength, source.InputLength), random);
        }
    }

    private ReadOnlySpan<float> Filled(int buffer, int first) => buffers[buffer].AsSpan(0, Count(first) * source.InputLength);

    private int Count(int first) => Math.Min(source.BatchSize, order.Length - first);
}

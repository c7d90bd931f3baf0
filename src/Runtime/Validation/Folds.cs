namespace NetGen;

/// <summary>Which samples are held out. The same seed gives the same parts.</summary>
internal static class Folds
{
    /// <summary>The held-out samples of each fold, ascending. Every sample is held out once; sizes differ by at most one sample, and
    /// stratified also those of each class.</summary>
    public static int[][] KFold(Dataset data, int folds, bool stratified, ulong seed)
    {
        // Dealt like cards: neighbours in the order, and so the samples of one class, go to different folds.
        int[] order = Order(data, stratified, seed);
        int[][] parts = new int[folds][];
        for (int fold = 0; fold < folds; fold++)
        {
            parts[fold] = [.. Enumerable.Range(0, (order.Length - fold + folds - 1) / folds).Select(i => order[fold + (i * folds)])];
            Array.Sort(parts[fold]);
        }

        return parts;
    }

    /// <summary>The held-out samples of a single split, ascending; stratified, each class's share is met to less than one sample.</summary>
    /// <param name="data">The samples, at least two.</param>
    /// <param name="fraction">Share to train on; rounded so that both parts hold a sample.</param>
    /// <param name="stratified">Whether each class is split alike.</param>
    /// <param name="seed">Seed of the choice.</param>
    public static int[] HoldOut(Dataset data, double fraction, bool stratified, ulong seed)
    {
        int[] order = Order(data, stratified, seed);
        long count = order.Length, held = count - Math.Clamp((long)Math.Round(fraction * count), 1, count - 1);

        // Spread evenly over the order, which is sorted by class.
        int[] part = [.. Enumerable.Range(0, order.Length).Where(i => (i + 1) * held / count > i * held / count).Select(i => order[i])];
        Array.Sort(part);
        return part;
    }

    /// <summary>All other samples, ascending.</summary>
    public static int[] Others(int count, ReadOnlySpan<int> held)
    {
        int[] others = new int[count - held.Length];
        int next = 0, skipped = 0;
        for (int sample = 0; sample < count; sample++)
        {
            if (skipped < held.Length && held[skipped] == sample)
                skipped++;
            else
                others[next++] = sample;
        }

        return others;
    }

    private static int[] Order(Dataset data, bool stratified, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Count)];
        new RandomSource(seed).Shuffle(order);
        return stratified ? [.. order.OrderBy(sample => data.Labels[sample])] : order;   // OrderBy keeps the random order inside a class
    }
}

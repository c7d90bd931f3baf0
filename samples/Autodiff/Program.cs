using System.Globalization;
using System.Text;
using NetGen;

// The chain rule, done by the compiler: derivatives of plain C# methods, what training does with them, and why deep sigmoids learn slowly.
Console.OutputEncoding = Encoding.UTF8;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("1. f(x; w, b) = 1 / (exp(−(w·x + b)) + 1) at x = 1, w = 0, b = 0");
float y = Functions.LogisticGradient(1f, 0f, 0f, out float dx, out float dw, out float db);
Console.WriteLine($"   f = {y}   ∂f/∂w = {dw}   ∂f/∂b = {db}   ∂f/∂x = {dx}");
Console.WriteLine();

Console.WriteLine("2. Ten steps of training it towards f = 1 at x = 1, with learning rate 2");
float w = 0f, b = 0f;
for (int step = 1; step <= 10; step++)
{
    float error = Functions.ErrorGradient(1f, w, b, 1f, out _, out float byW, out float byB, out _);
    Console.WriteLine($"   step {step,2}: error {error:0.000000}   w = {w:0.0000}   b = {b:0.0000}   ∂E/∂w = {byW:0.000000}");
    w -= 2f * byW;
    b -= 2f * byB;
}

Console.WriteLine($"   after: f = {Functions.Logistic(1f, w, b):0.0000}");
Console.WriteLine();

Console.WriteLine("3. The same over arrays, vectorised: the slope of the logistic function");
float[] xs = [.. Enumerable.Range(-4, 9).Select(i => (float)i)], ones = [.. xs.Select(_ => 1f)], zeros = new float[xs.Length];
float[] values = new float[xs.Length], slopes = new float[xs.Length], byWeight = new float[xs.Length], byBias = new float[xs.Length];
Functions.LogisticGradient(xs, ones, zeros, values, slopes, byWeight, byBias);
Console.WriteLine($"   x     {string.Join(" ", xs.Select(x => $"{x,7:0}"))}");
Console.WriteLine($"   f     {string.Join(" ", values.Select(value => $"{value,7:0.0000}"))}");
Console.WriteLine($"   f'(x) {string.Join(" ", slopes.Select(slope => $"{slope,7:0.0000}"))}");
Console.WriteLine();

Console.WriteLine("4. The vanishing gradient: mean |∂E/∂w| of each layer, four hidden layers deep. A sigmoid's slope is at most 0.25,");
Console.WriteLine("   so every layer further from the loss learns several times slower; ReLU has slope 1 where it is active.");
Random random = new(1);
float[] inputs = [.. Enumerable.Range(0, 64 * 8).Select(_ => (random.NextSingle() * 2f) - 1f)];
float[] targets = [.. Enumerable.Range(0, 64).Select(i => inputs[i * 8] * inputs[(i * 8) + 1])];
double[] sigmoid = LayerGradients(new SigmoidStack(seed: 1), SigmoidStack.Info);
double[] rectifier = LayerGradients(new RectifierStack(seed: 1), RectifierStack.Info);
Console.WriteLine("   layer      Sigmoid       ReLU");
for (int layer = 0; layer < sigmoid.Length; layer++)
    Console.WriteLine($"   dense{layer + 1}   {sigmoid[layer],10:0.0000000}   {rectifier[layer],8:0.0000000}");
Console.WriteLine($"   first / last {sigmoid[0] / sigmoid[^1],7:0.00000}   {rectifier[0] / rectifier[^1],8:0.00000}");
Console.WriteLine();

Console.WriteLine("5. An activation exp(−x²/2) and a robust loss, both plain C# methods, learn sin(3x)");
float[] points = [.. Enumerable.Range(0, 256).Select(i => (i / 128f) - 1f)], sines = [.. points.Select(x => MathF.Sin(3f * x))];
var network = new BumpNetwork(seed: 7);
Adam optimizer = new(0.01f);
for (int step = 0; step <= 2000; step++)
{
    float loss = network.Train(points, sines, optimizer);
    if (step % 500 == 0)
        Console.WriteLine($"   step {step,4}: loss {loss:0.000000}");
}

double[] LayerGradients(ITrainableNetwork net, NetworkInfo info)
{
    float[] gradients = new float[net.Parameters.Length];
    net.Gradients(inputs, targets, gradients);
    return
    [
        .. info.Parameters.Where(parameter => parameter.Name.EndsWith("weight", StringComparison.Ordinal)).Select(parameter =>
        {
            float[] weights = new float[parameter.Length];
            ParameterAccess.Get(info, gradients, parameter.Name, weights);
            return weights.Average(value => (double)Math.Abs(value));
        }),
    ];
}

using System.Globalization;
using System.Text;
using NetGen;

// One step of backpropagation with pencil and paper, beside what the generated network computes.
// The numbers are those of Matt Mazur, "A Step by Step Backpropagation Example", 2015.
//
//   x1 ──w1── h1 ──w5── o1         h1 = σ(w1·x1 + w2·x2 + b1)      o1 = σ(w5·h1 + w6·h2 + b2)
//      ╲w3 ╱w2    ╲w7 ╱w6          h2 = σ(w3·x1 + w4·x2 + b1)      o2 = σ(w7·h1 + w8·h2 + b2)
//   x2 ──w4── h2 ──w8── o2         E  = ½(o1 − t1)² + ½(o2 − t2)²
Console.OutputEncoding = Encoding.UTF8;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

float[] x = [0.05f, 0.10f], t = [0.01f, 0.99f];
const float rate = 0.5f;

var net = new TwoTwoTwo();
net.SetParameter("dense1.weight", [0.15f, 0.20f, 0.25f, 0.30f]);      // w1 w2 / w3 w4: a row per unit
net.SetParameter("dense1.bias", [0.35f, 0.35f]);
net.SetParameter("dense2.weight", [0.40f, 0.45f, 0.50f, 0.55f]);      // w5 w6 / w7 w8
net.SetParameter("dense2.bias", [0.60f, 0.60f]);
double[] w = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55];
const double b1 = 0.35, b2 = 0.60;

Console.WriteLine("1. Forward: weigh, add the bias, squash with σ(z) = 1 / (1 + exp(−z))");
double h1 = Unit("h1", w[0], x[0], w[1], x[1], b1);
double h2 = Unit("h2", w[2], x[0], w[3], x[1], b1);
double o1 = Unit("o1", w[4], h1, w[5], h2, b2);
double o2 = Unit("o2", w[6], h1, w[7], h2, b2);
float[] outputs = net.Predict(x);                                     // shown as double: float's own text stops at 7 digits
Console.WriteLine($"   the network: o1 = {(double)outputs[0]:0.00000000}, o2 = {(double)outputs[1]:0.00000000}");
Console.WriteLine();

float[] gradients = new float[TwoTwoTwo.ParameterCount];
float loss = net.Gradients(x, t, gradients);
double error = 0.5 * (o1 - t[0]) * (o1 - t[0]) + 0.5 * (o2 - t[1]) * (o2 - t[1]);
Console.WriteLine("2. Error: E = ½(o1 − t1)² + ½(o2 − t2)²");
Console.WriteLine($"   ½({o1:0.00000000} − {t[0]})² + ½({o2:0.00000000} − {t[1]})² = {error:0.00000000}");
Console.WriteLine($"   the network: {(double)loss:0.00000000}");
Console.WriteLine();

Console.WriteLine("3. Backward: the chain rule, from the error to each weight");
Console.WriteLine("   δo = ∂E/∂o · σ′ = (o − t) · o(1 − o)              how the error changes with an output unit's sum");
double d1 = (o1 - t[0]) * o1 * (1 - o1), d2 = (o2 - t[1]) * o2 * (1 - o2);
Console.WriteLine($"   δo1 = ({o1:0.000000} − {t[0]}) · {o1:0.000000} · (1 − {o1:0.000000}) = {d1:0.00000000}");
Console.WriteLine($"   δo2 = ({o2:0.000000} − {t[1]}) · {o2:0.000000} · (1 − {o2:0.000000}) = {d2:0.00000000}");
Console.WriteLine("   δh = (Σ w·δo) · h(1 − h)                          a hidden unit answers for all outputs that it feeds");
double e1 = (w[4] * d1 + w[6] * d2) * h1 * (1 - h1), e2 = (w[5] * d1 + w[7] * d2) * h2 * (1 - h2);
Console.WriteLine($"   δh1 = (w5·δo1 + w7·δo2) · h1(1 − h1) = {e1:0.00000000}");
Console.WriteLine($"   δh2 = (w6·δo1 + w8·δo2) · h2(1 − h2) = {e2:0.00000000}");
Console.WriteLine();

(string Rule, double Value)[] rules =
[
    ("δh1·x1", e1 * x[0]), ("δh1·x2", e1 * x[1]), ("δh2·x1", e2 * x[0]), ("δh2·x2", e2 * x[1]),
    ("δo1·h1", d1 * h1), ("δo1·h2", d1 * h2), ("δo2·h1", d2 * h1), ("δo2·h2", d2 * h2),
];
float[] found = InOrder(gradients);
net.Train(x, t, new SGD(rate));
float[] stepped = InOrder(net.Parameters);

Console.WriteLine($"4. One step against the gradient: w ← w − {rate} · ∂E/∂w");
Console.WriteLine("        ∂E/∂w    chain rule   the network     before   by hand      the network");
for (int i = 0; i < w.Length; i++)
{
    Console.WriteLine($"   w{i + 1}   {rules[i].Rule}   {rules[i].Value,11:0.00000000}   {(double)found[i],11:0.00000000}"
        + $"     {w[i]:0.00}     {w[i] - rate * rules[i].Value:0.00000000}   {(double)stepped[i]:0.00000000}");
}

Console.WriteLine();
var optimizer = new SGD(rate);
for (int step = 2; step <= 10_000; step++)
    net.Train(x, t, optimizer);
outputs = net.Predict(x);
Console.WriteLine("5. After 10,000 steps");
Console.WriteLine($"   o1 = {(double)outputs[0]:0.000000} (target {t[0]}), o2 = {(double)outputs[1]:0.000000} (target {t[1]})");
Console.WriteLine($"   E = {(double)net.Gradients(x, t, gradients):0.000000000}");

static double Unit(string name, double v1, double a1, double v2, double a2, double bias)
{
    double z = v1 * a1 + v2 * a2 + bias, result = 1 / (1 + Math.Exp(-z));
    Console.WriteLine($"   {name} = σ({v1:0.00} · {a1:0.00######} + {v2:0.00} · {a2:0.00######} + {bias:0.00})"
        + $" = σ({z:0.00000000}) = {result:0.00000000}");
    return result;
}

// w1 to w8 out of a vector in storage order, which is the network's own affair.
static float[] InOrder(ReadOnlySpan<float> vector)
{
    float[] weights = new float[8];
    ParameterAccess.Get(TwoTwoTwo.Info, vector, "dense1.weight", weights.AsSpan(0, 4));
    ParameterAccess.Get(TwoTwoTwo.Info, vector, "dense2.weight", weights.AsSpan(4, 4));
    return weights;
}

/// <summary>Two inputs, two hidden units, two outputs; the biases are frozen, as in the example.</summary>
[Network(2)]
[Dense(2, TrainBias = false), Sigmoid]
[Dense(2, TrainBias = false), Sigmoid]
[HalfSquaredError]
public sealed partial class TwoTwoTwo;

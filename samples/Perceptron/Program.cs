using System.Globalization;
using System.Text;
using NetGen;

// What one unit can learn, and what it cannot: M. Minsky and S. Papert, "Perceptrons", 1969.
// A unit answers yes on one side of the line w1·a + w2·b + bias = 0. A line parts the corners of AND and those of OR, but not those of XOR.
Console.OutputEncoding = Encoding.UTF8;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

float[] corners = [0, 0, 0, 1, 1, 0, 1, 1];
float[] and = [0, 0, 0, 1], or = [0, 1, 1, 1], xor = [0, 1, 1, 0];

Learn("AND, one unit", new Unit(), and);
Learn("OR, one unit", new Unit(), or);
Learn("XOR, one unit", new Unit(), xor);
Learn("XOR, two layers", new TwoLayers(seed: 1), xor);

void Learn(string title, ITrainableNetwork network, float[] truth)
{
    var optimizer = new Momentum(learningRate: 0.3f);
    for (int step = 0; step < 1000; step++)
        network.Train(corners, truth, optimizer);

    float[] answers = new float[4];
    network.Predict(corners, answers);
    int right = Enumerable.Range(0, 4).Count(i => answers[i] >= 0.5f == (truth[i] == 1));
    string parameters = network is Unit unit ? $"   {Describe(unit)}   perceptron: {Answers(unit)}" : "";
    Console.WriteLine($"{title}: {right} of 4 right{parameters}");
    Draw(network);
}

// What Rosenblatt's perceptron says to the four cases: the same line, with a step in place of the sigmoid. A step has no slope to train
// through, so it takes the parameters that the unit has learned.
string Answers(Unit unit)
{
    var perceptron = new Perceptron();
    unit.Parameters.CopyTo(perceptron.Parameters);
    return string.Join(" ", perceptron.Predict(corners));
}

// The line that the unit has found.
static string Describe(Unit unit)
{
    float[] weights = new float[2], bias = new float[1];
    unit.GetParameter("dense1.weight", weights);
    unit.GetParameter("dense1.bias", bias);
    return $"{weights[0]:0.0}·a {weights[1]:+ 0.0;- 0.0}·b {bias[0]:+ 0.0;- 0.0} = 0";
}

// The answers over the square, a to the right and b upwards: the corners of the drawing are the four cases.
static void Draw(ITrainableNetwork network)
{
    const int columns = 25, rows = 9;
    float[] answer = new float[1];
    for (int row = rows - 1; row >= 0; row--)
    {
        Console.Write("   ");
        for (int column = 0; column < columns; column++)
        {
            network.Predict([column / (columns - 1f), row / (rows - 1f)], answer);
            Console.Write(" ░▒▓█"[Math.Min((int)(answer[0] * 5), 4)]);
        }

        Console.WriteLine();
    }

    Console.WriteLine();
}

/// <summary>One unit with two inputs.</summary>
[Network(2)]
[Dense(1), Sigmoid]
[BinaryCrossEntropy]
public sealed partial class Unit;

/// <summary>The unit as F. Rosenblatt drew it in 1958: yes or no.</summary>
[Network(2)]
[Dense(1), Step]
public sealed partial class Perceptron;

/// <summary>Hidden units bend the line.</summary>
[Network(2)]
[Dense(4), Tanh]
[Dense(1), Sigmoid]
[BinaryCrossEntropy]
public sealed partial class TwoLayers;

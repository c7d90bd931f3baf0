using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>Every way to declare wrongly: its id, the text it marks, its message.</summary>
public class DiagnosticTests
{
    /// <summary>Id, source, marked text, message.</summary>
    public static readonly TheoryData<string, string, string, string> Cases = new()
    {
        {
            "NG0001", "[Network(4)] [Dense(2)] public class Mlp;", "Network(4)",
            "Network 'Mlp' must be partial: the generator adds its members to the class"
        },
        {
            "NG0002", "public partial class Outer { [Network(4)] [Dense(2)] public partial class Mlp; }", "Network(4)",
            "Network 'Mlp' is nested in 'Outer'; a network must be a top-level class"
        },
        {
            "NG0003", "[Network(4)] [Dense(2)] public partial class Mlp<TInput, TOutput>;", "Network(4)",
            "Network 'Mlp' has type parameters (2); a network must have 0"
        },
        {
            "NG0004", "[Network(4)] [Dense(2)] public partial record Mlp;", "Network(4)",
            "Network 'Mlp' is a record; a network must be a class, for two networks are not equal by value"
        },
        {
            "NG0005", "[Network(4)] [Dense(2)] public static partial class Mlp;", "Network(4)",
            "Network 'Mlp' is static; a network holds parameters, so it must be a class that can be instantiated"
        },
        {
            "NG0005", "[Network(4)] [Dense(2)] public abstract partial class Mlp;", "Network(4)",
            "Network 'Mlp' is abstract; a network holds parameters, so it must be a class that can be instantiated"
        },
        {
            "NG0006", "[Network(4)] [Dense(2)] file partial class Mlp;", "Network(4)",
            "Network 'Mlp' is file-local; its generated part lies in another file, so it must be internal or public"
        },
        {
            "NG0008", "[Network(4)] [Dense(2)] public partial class Mlp; [ReLU] partial class Mlp;", "ReLU",
            "'ReLU' of 'Mlp' stands on another declaration than [Network]; "
                + "put all layers on the one with [Network], in the order of the data"
        },
        {
            "NG0008", "[Dense(2)] public partial class Mlp; [Network(4)] partial class Mlp;", "Dense(2)",
            "'Dense' of 'Mlp' stands on another declaration than [Network]; "
                + "put all layers on the one with [Network], in the order of the data"
        },
        {
            "NG0009", "[Network(4)] public partial class Mlp;", "Network(4)",
            "Network 'Mlp' has 0 layers; it needs at least 1"
        },
        {
            "NG0009", "[Network(4)] [MeanSquaredError] public partial class Mlp;", "Network(4)",
            "Network 'Mlp' has 0 layers; it needs at least 1"
        },
        {
            "NG0010", """[Network(4)] [Dense(2, Name = "head")] [Dense(3, Name = "head")] public partial class Mlp;""",
            "Dense(3, Name = \"head\")",
            "Layer 2 of 'Mlp' is named 'head', which is already the name of layer 1; names of layers must differ"
        },
        {
            "NG0010", """[Network(4)] [Dense(2, Name = "dense2")] [Dense(3)] public partial class Mlp;""", "Dense(2, Name = \"dense2\")",
            "Layer 1 of 'Mlp' is named 'dense2', which is already the name of layer 2; names of layers must differ"
        },
        {
            "NG0011", """[Network(4)] [Dense(2, Name = "the head")] public partial class Mlp;""", "Dense(2, Name = \"the head\")",
            "Layer 1 of 'Mlp' is named 'the head'; a name consists of letters a-z, digits and _, in parts joined by single dots"
        },
        {
            "NG0011", """[Network(4)] [Dense(2, Name = "")] public partial class Mlp;""", "Dense(2, Name = \"\")",
            "Layer 1 of 'Mlp' is named ''; a name consists of letters a-z, digits and _, in parts joined by single dots"
        },
        {
            "NG0012", "[Network(4)] [Dense(2)] public partial class Mlp { public int OutputLength() => 2; }", "OutputLength",
            "'Mlp' declares 'OutputLength', which the generator adds; rename or remove it"
        },
        {
            "NG0012", "[Network(4)] [Dense(2)] public partial class Mlp { public Mlp(ulong number) { } }", "Mlp",
            "'Mlp' declares a constructor with one ulong, which the generator adds; rename or remove it"
        },
        {
            "NG0012", "[Network(4)] [Dense(2)] public partial class Mlp(string title);", "Mlp",
            "'Mlp' declares a primary constructor, which the generator adds; rename or remove it"
        },
        {
            "NG0013", "[Network(4)] [Dense(2)] [MeanSquaredError] [ReLU] public partial class Mlp;", "ReLU",
            "'ReLU' of 'Mlp' follows the loss 'MeanSquaredError'; the loss must be last"
        },
        {
            "NG0014", "[Network(4)] [Dense(2), HalfSquaredError, MeanSquaredError] public partial class Mlp;", "MeanSquaredError",
            "'MeanSquaredError' of 'Mlp' follows the loss 'HalfSquaredError': 2 losses found, at most 1 is possible"
        },
        {
            "NG0015", "class GateAttribute : LayerAttribute; [Network(4)] [Dense(2), Gate] public partial class Mlp;", "Gate",
            "'Gate' of 'Mlp' is no layer or loss that NetGen knows"
        },
        {
            "NG0017", "[Network(4)] [Dense(2)] public partial class Info;", "Network(4)",
            "Network 'Info' has the name of a member that the generator adds to it; a class and its member cannot have one name: rename the class"
        },
        {
            "NG0017", "[Network(4)] [Dense(2), MeanSquaredError] public partial class Train;", "Network(4)",
            "Network 'Train' has the name of a member that the generator adds to it; a class and its member cannot have one name: rename the class"
        },
        {
            "NG0018", "class Model(string title) { public string Title => title; } [Network(4)] [Dense(2)] partial class Mlp : Model;",
            "Network(4)",
            "Network 'Mlp' derives from 'Model', whose constructors need arguments; the network's own constructor has only the seed and passes 0"
        },
        {
            "NG0101", "[Network()] [Dense(2)] public partial class Mlp;", "Network()",
            "The input of 'Mlp' has 0 axes; it needs at least 1: [Network(784)] is a vector, [Network(1, 28, 28)] an image"
        },
        {
            "NG0101", "[Network(null!)] [Dense(2)] public partial class Mlp;", "Network(null!)",
            "The input of 'Mlp' has 0 axes; it needs at least 1: [Network(784)] is a vector, [Network(1, 28, 28)] an image"
        },
        {
            "NG0102", "[Network(3, -1)] [Dense(2)] public partial class Mlp;", "Network(3, -1)",
            "Axis 1 of the input of 'Mlp' has extent -1; an extent is at least 1"
        },
        {
            "NG0103", "[Network(1, 2, 3, 4, 5)] [Flatten, Dense(2)] public partial class Mlp;", "Network(1, 2, 3, 4, 5)",
            "The input of 'Mlp' has 5 axes; at most 4 are possible, and the batch is not one of them"
        },
        {
            "NG0104", "[Network(4)] [ReLU, Dense(0)] public partial class Mlp;", "Dense(0)",
            "Layer 2 of 'Mlp' has 0 units; a layer needs at least 1"
        },
        {
            "NG0105", "[Network(1, 28, 28)] [Dense(10)] public partial class Mlp;", "Dense(10)",
            "Dense(10) of 'Mlp' reads the last axis of a vector (N) or a sequence (T, F); "
                + "its input is the image (1, 28, 28): put Flatten before it"
        },
        {
            "NG0106", "[Network(100_000)] [Dense(100_000)] public partial class Mlp;", "Dense(100_000)",
            "'Mlp' has 10,000,100,000 parameters up to this layer; at most 536,870,911 are possible"
        },
        {
            "NG0107", "[Network(4)] [Dense(2), LeakyReLU(float.NaN)] public partial class Mlp;", "LeakyReLU(float.NaN)",
            "The slope of layer 2 of 'Mlp' is float.NaN; it must be a finite number"
        },
        {
            "NG0108", "[Network(4)] [Dense(2, Init = (Init)77)] public partial class Mlp;", "Dense(2, Init = (Init)77)",
            "Layer 1 of 'Mlp' has an Init of value 77; the ones that have a name are 0 to 10"
        },
        {
            "NG0109", "[Network(100_000, 100_000)] [Dense(1)] public partial class Mlp;", "Network(100_000, 100_000)",
            "The input of 'Mlp' has 10,000,000,000 floats; at most 16,777,216 are possible"
        },
        {
            "NG0109", "[Network(8_000, 1_000)] [Dense(1_000), Dense(1_000)] public partial class Mlp;", "Dense(1_000)",
            "The sample up to layer 2 of 'Mlp' has 24,000,000 floats; at most 16,777,216 are possible"
        },
        {
            "NG0160",
            "[Network(4)] [Dense(2), Activation(nameof(F), Learnable = true)] public partial class Mlp { static float F(float x) => x * x; }",
            "Activation(nameof(F), Learnable = true)",
            "Layer 2 of 'Mlp' is learnable, but gives 0 starts for parameters of 'F' behind its first; at least 1 is needed"
        },
        {
            "NG0107",
            "[Network(4)] [Activation(nameof(F), 1f, float.NaN, Learnable = true)] public partial class Mlp { static float F(float x, float a, float b) => a * x + b; }",
            "Activation(nameof(F), 1f, float.NaN, Learnable = true)",
            "The b of layer 1 of 'Mlp' is float.NaN; it must be a finite number"
        },
        {
            "NG0107", "[Network(4)] [Dense(2), PReLU(float.NaN)] public partial class Mlp;", "PReLU(float.NaN)",
            "The start of layer 2 of 'Mlp' is float.NaN; it must be a finite number"
        },
        {
            "NG0161", "[Network(4)] [Dense(6), Maxout(1)] public partial class Mlp;", "Maxout(1)",
            "Layer 2 of 'Mlp' takes the largest of 1 units; at least 2 are needed"
        },
        {
            "NG0162", "[Network(4)] [Dense(34), Maxout(3)] public partial class Mlp;", "Maxout(3)",
            "Maxout(3) of 'Mlp' takes the largest of 3 units each; its input (34) has 34, which 3 does not divide: 33 or 36 would fit"
        },
        {
            "NG0162", "[Network(3, 4, 4)] [Maxout(4)] public partial class Mlp;", "Maxout(4)",
            "Maxout(4) of 'Mlp' takes the largest of 4 units each; its input (3, 4, 4) has 3, which 4 does not divide: 4 would fit"
        },
        {
            "NG0163", "[Network(4)] [Dense(2), Step] [MeanSquaredError] public partial class Mlp;", "Step",
            "Layer 2 of 'Mlp' is Step, whose derivative is 0: no loss can train 'dense1.weight' before it. "
                + "Leave out the loss or freeze the parameter; Sigmoid is the form that can be trained"
        },
        {
            "NG0163", "[Network(4)] [Dense(2, Trainable = false), PReLU, Step, Dense(1)] [MeanSquaredError] public partial class Mlp;",
            "Step",
            "Layer 3 of 'Mlp' is Step, whose derivative is 0: no loss can train 'prelu1.weight' before it. "
                + "Leave out the loss or freeze the parameter; Sigmoid is the form that can be trained"
        },
        {
            "NG0201", "[Network(4)] [Dense(3), LogSoftmax] [CrossEntropy] public partial class Mlp;", "CrossEntropy",
            "CrossEntropy takes probabilities: 'Mlp' must end in Softmax before it, but ends in LogSoftmax"
        },
        {
            "NG0201", "[Network(4)] [Dense(2), ReLU] [CrossEntropy] public partial class Mlp;", "CrossEntropy",
            "CrossEntropy takes probabilities: 'Mlp' must end in Softmax before it, but ends in ReLU"
        },
        {
            "NG0202", "[Network(4)] [Dense(1)] [BinaryCrossEntropy] public partial class Mlp;", "BinaryCrossEntropy",
            "BinaryCrossEntropy takes probabilities: 'Mlp' must end in Sigmoid before it, but ends in Dense"
        },
        {
            "NG0204", "[Network(5, 3)] [Dense(4), Softmax] [CrossEntropy] public partial class Mlp;", "CrossEntropy",
            "CrossEntropy of 'Mlp' compares one row of classes (N); the network's output is (5, 4): "
                + "put Flatten, or a Dense on one row, before it"
        },
        {
            "NG0204", "[Network(5, 3)] [Dense(4), Softmax] [KLDivergence] public partial class Mlp;", "KLDivergence",
            "KLDivergence of 'Mlp' compares one row of classes (N); the network's output is (5, 4): "
                + "put Flatten, or a Dense on one row, before it"
        },
        {
            "NG0205", "[Network(4)] [Dense(2), Sigmoid] [KLDivergence] public partial class Mlp;", "KLDivergence",
            "KLDivergence takes probabilities: 'Mlp' must end in Softmax before it, but ends in Sigmoid"
        },
        {
            "NG0203", "[Network(4)] [Dense(1, Trainable = false)] [MeanSquaredError] public partial class Mlp;", "MeanSquaredError",
            "'Mlp' has the loss MeanSquaredError but 0 trainable parameters; training cannot change it"
        },
        {
            "NG0213", "[Network(4)] [Dense(2), Softmax] [CrossEntropy(LabelSmoothing = 1.5f)] public partial class Mlp;",
            "CrossEntropy(LabelSmoothing = 1.5f)",
            "The LabelSmoothing of 'Mlp' is 1.5f; it is the share that targets give to all classes alike, at least 0 and below 1"
        },
        {
            "NG0214", "[Network(4)] [Dense(3), Softmax] [CrossEntropy(ClassWeights = new[] { 1f, 2f })] public partial class Mlp;",
            "CrossEntropy(ClassWeights = new[] { 1f, 2f })",
            "The loss of 'Mlp' has 2 class weights for 3 classes; it needs a weight for each"
        },
        {
            "NG0214", "[Network(4)] [Dense(3), Softmax] [CrossEntropy(ClassWeights = new float[0])] public partial class Mlp;",
            "CrossEntropy(ClassWeights = new float[0])",
            "The loss of 'Mlp' has 0 class weights for 3 classes; it needs a weight for each"
        },
        {
            "NG0215", "[Network(4)] [Dense(2), Softmax] [CrossEntropy(ClassWeights = new[] { 1f, float.NaN })] public partial class Mlp;",
            "CrossEntropy(ClassWeights = new[] { 1f, float.NaN })",
            "A class weight of 'Mlp' is float.NaN; weights must be finite and at least 0, and one must be above 0"
        },
        {
            "NG0215", "[Network(4)] [Dense(2), Softmax] [CrossEntropy(ClassWeights = new[] { 0f, 0f })] public partial class Mlp;",
            "CrossEntropy(ClassWeights = new[] { 0f, 0f })",
            "A class weight of 'Mlp' is 0f for every class; weights must be finite and at least 0, and one must be above 0"
        },
        {
            "NG0218", "[Network(4)] [Mark(\"x\"), Dense(2), Softmax, Output(\"a\"), From(\"x\"), Dense(1), Output(\"b\")] "
                + "[CrossEntropy(Output = \"a\", ClassWeights = new[] { 1f, 2f }), MeanSquaredError(Output = \"b\")] public partial class Mlp;",
            "CrossEntropy(Output = \"a\", ClassWeights = new[] { 1f, 2f })",
            "The loss of 'Mlp' with class weights is one of several, or of one output of several; their mean divides by the weights of the "
                + "classes, and the others' by the number of samples: give the samples weights instead"
        },
        {
            "NG0216", "[Network(4)] [Dense(2), Sigmoid] [BinaryCrossEntropy(PositiveWeight = -1f)] public partial class Mlp;",
            "BinaryCrossEntropy(PositiveWeight = -1f)",
            "The PositiveWeight of 'Mlp' is -1f; it must be finite and positive"
        },
        {
            "NG0217", "[Network(4)] [Dense(2), Softmax] [ZeroOneLoss] public partial class Mlp;", "ZeroOneLoss",
            "'Mlp' cannot train on ZeroOneLoss: it counts wrong answers, so its gradient is 0; train on CrossEntropy after Softmax, or "
                + "BinaryCrossEntropy after Sigmoid, and read Evaluation.ErrorRate"
        },
        {
            "NG0211", "[Network(4)] [Dense(2), Dropout(1f), Dense(1)] [MeanSquaredError] public partial class Mlp;", "Dropout(1f)",
            "The rate of layer 2 of 'Mlp' is 1f; it is the probability that a value is dropped, at least 0 and below 1"
        },
        {
            "NG0211", "[Network(4, 3, 3)] [ChannelDropout(-0.5f), Flatten, Dense(1)] public partial class Mlp;", "ChannelDropout(-0.5f)",
            "The rate of layer 1 of 'Mlp' is -0.5f; it is the probability that a value is dropped, at least 0 and below 1"
        },
        {
            "NG0212", "[Network(4, 3)] [ChannelDropout(0.5f), Flatten, Dense(1)] public partial class Mlp;", "ChannelDropout(0.5f)",
            "ChannelDropout of 'Mlp' drops whole channels of an image (C, H, W); its input is (4, 3): Dropout drops single values of any shape"
        },
        {
            "NG0210", "[Network(4)] [Dense(2, L2 = -1e-4f)] [MeanSquaredError] public partial class Mlp;", "Dense(2, L2 = -1e-4f)",
            "The L2 of 'Mlp' is -0.0001f; a penalty's coefficient must be finite and at least 0"
        },
        {
            "NG0210", "[Network(4, L1 = float.NaN)] [Dense(2)] [Dense(3)] public partial class Mlp;", "Network(4, L1 = float.NaN)",
            "The L1 of 'Mlp' is float.NaN; a penalty's coefficient must be finite and at least 0"
        },
        {
            "NG0650", "[Network(4)] [Dense(12), GroupNorm(5), Dense(3)] public partial class Mlp;", "GroupNorm(5)",
            "GroupNorm(5) of 'Mlp' makes groups of 12 channels; the number of groups must be at least 1 and divide 12"
        },
        {
            "NG0650", "[Network(6, 2, 2)] [GroupNorm(0), Flatten, Dense(3)] public partial class Mlp;", "GroupNorm(0)",
            "GroupNorm(0) of 'Mlp' makes groups of 6 channels; the number of groups must be at least 1 and divide 6"
        },
        {
            "NG0651", "[Network(3, 8, 8)] [LayerNorm, Flatten, Dense(3)] public partial class Mlp;", "LayerNorm",
            "LayerNorm of 'Mlp' normalises a vector (N) or each row of a sequence (T, F); its input is the image (3, 8, 8): "
                + "GroupNorm(1) normalises a whole image, or put Flatten before it"
        },
        {
            "NG0651", "[Network(3, 8, 8)] [RMSNorm, Flatten, Dense(3)] public partial class Mlp;", "RMSNorm",
            "RMSNorm of 'Mlp' normalises a vector (N) or each row of a sequence (T, F); its input is the image (3, 8, 8): "
                + "GroupNorm(1) normalises a whole image, or put Flatten before it"
        },
        {
            "NG0652", "[Network(8, 4)] [GroupNorm(2), Flatten, Dense(3)] public partial class Mlp;", "GroupNorm(2)",
            "GroupNorm(2) of 'Mlp' groups the channels of an image (C, H, W) or the features of a vector (N); its input is the sequence "
                + "(8, 4): LayerNorm normalises each of its rows"
        },
        {
            "NG0653", "[Network(4)] [Dense(8), LayerNorm(Epsilon = 0f), Dense(3)] public partial class Mlp;", "LayerNorm(Epsilon = 0f)",
            "Layer 2 of 'Mlp' has an Epsilon of 0f; it must be positive and finite"
        },
        {
            "NG0653", "[Network(4)] [RMSNorm(Epsilon = float.NaN), Dense(3)] public partial class Mlp;", "RMSNorm(Epsilon = float.NaN)",
            "Layer 1 of 'Mlp' has an Epsilon of float.NaN; it must be positive and finite"
        },
        {
            "NG0654", "[Network(4)] [Dense(8), BatchNorm(Momentum = 1.5f), Dense(3)] public partial class Mlp;",
            "BatchNorm(Momentum = 1.5f)",
            "Layer 2 of 'Mlp' has a Momentum of 1.5f, the share of a batch in the running averages; it must be above 0 and at most 1"
        },
        {
            "NG0655", "[Network(4)] [Dense(8), GroupNorm(8), Dense(3)] public partial class Mlp;", "GroupNorm(8)",
            "Layer 2 of 'Mlp' normalises 8 groups of 1 value each: a value minus its own mean is 0, so the output is the bias whatever the "
                + "input is; use fewer groups"
        },
        {
            "NG0401", "partial class Functions { [Differentiable] static float F(float x) => x % 2f; }", "x % 2f",
            "Cannot differentiate the operator % on floats; supported are float arithmetic, comparisons, ?:, if and else, for with constant "
                + "bounds, local variables, functions of MathF and Math, constants, and calls of static methods of floats"
        },
        {
            "NG0402", "partial class Functions { [Differentiable] float F(float x) => x; }", "F",
            "'F' is not static; [Differentiable] needs a static method of one or more floats that returns a float"
        },
        {
            "NG0402", "file static partial class Functions { [Differentiable] static float F(float x) => x; }", "F",
            "'F' stands in the file-local type 'Functions', to which another file adds nothing; [Differentiable] needs a static method of one or "
            + "more floats that returns a float"
        },
        {
            "NG0408", "partial class Functions { [Differentiable] static float F(float x) => x; const int FGradient = 1; }", "F",
            "'Functions' has 'FGradient' already, which the generator adds as the derivative of 'F'; rename one of the two"
        },
        {
            "NG0408", "partial class FGradient { [Differentiable] static float F(float x) => x; }", "F",
            "'FGradient' has 'FGradient' already, which the generator adds as the derivative of 'F'; rename one of the two"
        },
        {
            "NG0408", """
                partial class Functions
                {
                    [Differentiable] static float F(float x, float y) => x * y;
                    static void FGradient(float a, float b, out float c, ref float d) => c = d;
                }
                """,
            "F", "'Functions' has 'FGradient' already, which the generator adds as the derivative of 'F'; rename one of the two"
        },
        {
            "NG0408", """
                partial class Functions
                {
                    [Differentiable] static float F(float x) => x;
                    static void FGradient(ReadOnlySpan<float> a, Span<float> b, Span<float> c) { }
                }
                """,
            "F", "'Functions' has 'FGradient' already, which the generator adds as the derivative of 'F'; rename one of the two"
        },
        {
            "NG0403", "class Functions { [Differentiable] static float F(float x) => x; }", "Functions",
            "'Functions' must be partial: the generator adds the derivative of 'F' to it"
        },
        {
            "NG0404", "partial class Functions { [Differentiable] static float F(float x) { for (int i = 0; ; i++) x++; } }",
            "for (int i = 0; ; i++) x++;",
            "The loops of a differentiated method are unrolled, and these run more than 256 rounds"
        },
        {
            "NG0405", "partial class Functions { [Differentiable] static float F(float x) => F(x); }", "F(x)",
            "'F' calls itself; a method that is differentiated must not, for its calls are expanded"
        },
        {
            "NG0406", "partial class Functions { [Differentiable] static float F(float x) { for (int i = 1; i < 256; i++) x = "
                + string.Join(" + ", Enumerable.Range(1, 20).Select(k => $"MathF.Sin(x * i + {k})")) + "; return x; } }",
            "for (int i = 1; i < 256; i++) x = " + string.Join(" + ", Enumerable.Range(1, 20).Select(k => $"MathF.Sin(x * i + {k})")) + ";",
            "With its calls expanded and its loops unrolled the method has more than 4,096 operations"
        },
        {
            "NG0407", "[Network(4)] [Dense(2), Activation(\"Swish\")] public partial class Mlp;", "Activation(\"Swish\")",
            "Activation of 'Mlp' names 'Swish', which is not there; it needs a static method of that class that takes floats and returns a "
                + "float: x, or prediction and target, and a parameter for each constant"
        },
        {
            "NG0407",
            "[Network(4)] [Dense(2)] [Loss(nameof(L), 0.5f)] public partial class Mlp { static float L(float y, float t) => y - t; }",
            "Loss(nameof(L), 0.5f)",
            "Loss of 'Mlp' names 'L', which has 2 parameters for 3 values; it needs a static method of that class that takes floats and "
                + "returns a float: x, or prediction and target, and a parameter for each constant"
        },
        {
            "NG0401", "[Network(4)] [Dense(2), Activation(nameof(F))] public partial class Mlp { static float F(float x) => x % 1f; }",
            "x % 1f",
            "Cannot differentiate the operator % on floats; supported are float arithmetic, comparisons, ?:, if and else, for with constant "
                + "bounds, local variables, functions of MathF and Math, constants, and calls of static methods of floats"
        },
        {
            "NG0601", "[Network(784)] [Conv2D(6, 5)] public partial class Net;", "Conv2D(6, 5)",
            "Conv2D of 'Net' reads an image (C, H, W); its input is (784): put Reshape(1, 28, 28) before it"
        },
        {
            "NG0601", "[Network(3, 8, 9, 2)] [Conv2D(6, 5)] public partial class Net;", "Conv2D(6, 5)",
            "Conv2D of 'Net' reads an image (C, H, W); its input is (3, 8, 9, 2): put Reshape(C, H, W) before it"
        },
        {
            "NG0604", "[Network(28, 28, 1)] [Conv2D(6, 5)] public partial class Net;", "Conv2D(6, 5)",
            "The kernel of layer 1 of 'Net' spans 5 columns, but its input has 1 with the padding; (28, 28, 1) is read as (C, H, W)"
        },
        {
            "NG0601", "[Network(3, 20)] [DepthwiseConv2D(3)] public partial class Net;", "DepthwiseConv2D(3)",
            "DepthwiseConv2D of 'Net' reads an image (C, H, W); its input is (3, 20): put Reshape(1, 3, 20) before it"
        },
        {
            "NG0602", "[Network(1, 8, 8)] [Conv1D(8, 3)] public partial class Net;", "Conv1D(8, 3)",
            "Conv1D of 'Net' reads a sequence (C, L), channels first; its input is (1, 8, 8)"
        },
        {
            "NG0603", "[Network(1, 8, 8)] [Conv2D(0, 3)] public partial class Net;", "Conv2D(0, 3)",
            "The number of filters of layer 1 of 'Net' is 0; it must be from 1 to 1,048,576"
        },
        {
            "NG0603", "[Network(1, 8, 8)] [Conv2D(4, 0, 3)] public partial class Net;", "Conv2D(4, 0, 3)",
            "The kernel height of layer 1 of 'Net' is 0; it must be from 1 to 65,535"
        },
        {
            "NG0603", "[Network(1, 8, 8)] [ReLU, Conv2D(4, 3, Stride = 0)] public partial class Net;", "Conv2D(4, 3, Stride = 0)",
            "The Stride of layer 2 of 'Net' is 0; it must be from 1 to 65,535"
        },
        {
            "NG0603", "[Network(1, 8, 8)] [SeparableConv2D(4, 3, Padding = -2)] public partial class Net;",
            "SeparableConv2D(4, 3, Padding = -2)",
            "The Padding of layer 1 of 'Net' is -2; it must be from -1 to 65,535"
        },
        {
            "NG0603", "[Network(1, 8, 8)] [ConvTranspose2D(4, 3, Stride = 2, OutputPadding = 2)] public partial class Net;",
            "ConvTranspose2D(4, 3, Stride = 2, OutputPadding = 2)",
            "The OutputPadding of layer 1 of 'Net' is 2; it must be from 0 to 1"
        },
        {
            "NG0603", "[Network(2, 8, 8)] [DepthwiseConv2D(3, Multiplier = 1000000)] public partial class Net;",
            "DepthwiseConv2D(3, Multiplier = 1000000)",
            "The Multiplier of layer 1 of 'Net' is 1,000,000; it must be from 1 to 65,535"
        },
        {
            "NG0604", "[Network(1, 4, 9)] [Conv2D(8, 3, Dilation = 2)] public partial class Net;", "Conv2D(8, 3, Dilation = 2)",
            "The kernel of layer 1 of 'Net' spans 5 rows, but its input has 4 with the padding; (1, 4, 9) is read as (C, H, W)"
        },
        {
            "NG0604", "[Network(1, 4)] [Conv1D(8, 9, Padding = 2)] public partial class Net;", "Conv1D(8, 9, Padding = 2)",
            "The kernel of layer 1 of 'Net' spans 9 columns, but its input has 8 with the padding; (1, 4) is read as (C, L)"
        },
        {
            "NG0605", "[Network(3, 8, 8)] [Conv2D(16, 3, Groups = 2)] public partial class Net;", "Conv2D(16, 3, Groups = 2)",
            "2 groups of layer 1 of 'Net' must divide the 3 channels of its input and the 16 of its output"
        },
        {
            "NG0606", "[Network(8, 1, 1)] [ConvTranspose2D(4, 2, Padding = 1)] public partial class Net;",
            "ConvTranspose2D(4, 2, Padding = 1)",
            "Layer 1 of 'Net' would have no rows: its padding of 1 on every side takes all of them away"
        },
        {
            "NG0109", "[Network(1, 8, 8)] [Conv2D(1000000, 3, Padding = 60000)] public partial class Net;",
            "Conv2D(1000000, 3, Padding = 60000)",
            "The output of layer 1 of 'Net' has 14,401,440,036,000,000 floats; at most 16,777,216 are possible"
        },
        {
            "NG0106", "[Network(4096, 1, 1)] [Conv2D(4096, 7, Padding = 3)] public partial class Net;", "Conv2D(4096, 7, Padding = 3)",
            "'Net' has 822,083,584 parameters up to this layer; at most 536,870,911 are possible"
        },
        {
            "NG0630", "[Network(64)] [MaxPool2D(2)] public partial class Net;", "MaxPool2D(2)",
            "MaxPool2D(2) of 'Net' reads an image (C, H, W); its input is (64)"
        },
        {
            "NG0630", "[Network(3, 8, 8)] [AveragePool1D(2)] public partial class Net;", "AveragePool1D(2)",
            "AveragePool1D(2) of 'Net' reads a sequence of channels (C, L); its input is (3, 8, 8)"
        },
        {
            "NG0630", "[Network(64)] [GlobalAveragePool] public partial class Net;", "GlobalAveragePool",
            "GlobalAveragePool of 'Net' reads an image (C, H, W) or a sequence of channels (C, L); its input is (64)"
        },
        {
            "NG0630", "[Network(3, 8)] [ZeroPad(1, 0, 2, 2)] public partial class Net;", "ZeroPad(1, 0, 2, 2)",
            "ZeroPad(1, 0, 2, 2) of 'Net' reads an image (C, H, W); its input is (3, 8)"
        },
        {
            "NG0603", "[Network(3, 8, 8)] [MaxPool2D(2, Stride = -1)] public partial class Net;", "MaxPool2D(2, Stride = -1)",
            "The Stride of layer 1 of 'Net' is -1; it must be at least 0"
        },
        {
            "NG0603", "[Network(3, 8, 8)] [Upsample(0)] public partial class Net;", "Upsample(0)",
            "The factor of layer 1 of 'Net' is 0; it must be at least 1"
        },
        {
            "NG0603", "[Network(3, 8, 8)] [ZeroPad(1, 1, -2, 1)] public partial class Net;", "ZeroPad(1, 1, -2, 1)",
            "The left of layer 1 of 'Net' is -2; it must be at least 0"
        },
        {
            "NG0632", "[Network(3, 8, 8)] [AveragePool2D(3, Padding = 2)] public partial class Net;", "AveragePool2D(3, Padding = 2)",
            "The padding of layer 1 of 'Net' is 2; with windows of 3 it must be 0 to 1, or a window would lie outside the input"
        },
        {
            "NG0633", "[Network(3, 8, 2)] [MaxPool2D(3)] public partial class Net;", "MaxPool2D(3)",
            "MaxPool2D(3) of 'Net' needs a window of 3x3, which does not fit its input (3, 8, 2) with a padding of 0"
        },
        {
            "NG0634", "[Network(12)] [Reshape(-1, 0)] public partial class Net;", "Reshape(-1, 0)",
            "Reshape of 'Net' names the shape (-1, 0); it needs 1 to 4 extents of at least 1, one of which may be -1: it follows from the others"
        },
        {
            "NG0635", "[Network(12)] [Reshape(2, 5)] public partial class Net;", "Reshape(2, 5)",
            "Reshape of 'Net' names the shape (2, 5), which has 10 floats without a -1; its input (12) has 12"
        },
        {
            "NG0109", "[Network(3, 8, 8)] [Upsample(2000000000)] public partial class Net;", "Upsample(2000000000)",
            "The output of layer 1 of 'Net' has 4,611,686,018,427,387,904 floats; at most 16,777,216 are possible"
        },
        {
            "NG0501", """[Network(4)] [Dense(2), Mark("b"), Mark("a"), Add("b"), Concat("a"), Add("c")] public partial class Mlp;""", "Add(\"c\")",
            "Add(c) of 'Mlp' asks for the value 'c'; the values that have a name before it are: 'a', 'b'"
        },
        {
            "NG0501", """[Network(4)] [Dense(2), Multiply("c"), Mark("c")] public partial class Mlp;""", "Multiply(\"c\")",
            "Multiply(c) of 'Mlp' asks for the value 'c'; the values that have a name before it are: none"
        },
        {
            "NG0502", """[Network(4)] [Mark("a"), Dense(4), Mark("a"), Add("a")] public partial class Mlp;""", "Mark(\"a\")",
            "Mark(a) of 'Mlp' names a second value 'a'; names of values must differ"
        },
        {
            "NG0503", """[Network(3, 4)] [Mark("a"), Dense(2), Add("a")] public partial class Mlp;""", "Add(\"a\")",
            "Add(a) of 'Mlp' adds (3, 4) to (3, 2); the two must be equal: Dense(4) before it would fit"
        },
        {
            "NG0503", """[Network(3, 4)] [Mark("a"), Flatten, Add("a")] public partial class Mlp;""", "Add(\"a\")",
            "Add(a) of 'Mlp' adds (3, 4) to (12); the two must be equal: Flatten or Reshape before it would fit"
        },
        {
            "NG0503", """[Network(3, 4)] [Mark("a"), Flatten, Dense(5), Add("a")] public partial class Mlp;""", "Add(\"a\")",
            "Add(a) of 'Mlp' adds (3, 4) to (5); the two must be equal: a mark of a value of shape (5) would fit"
        },
        {
            "NG0504", """[Network(3, 4)] [Mark("a"), Flatten, Concat("a")] public partial class Mlp;""", "Concat(\"a\")",
            "Concat(a) of 'Mlp' puts (3, 4) behind (12); a value of shape (any) would fit"
        },
        {
            "NG0505", """[Network(3, 4)] [Mark("a"), Flatten, Multiply("a")] public partial class Mlp;""", "Multiply(\"a\")",
            "Multiply(a) of 'Mlp' multiplies (12) by (3, 4); the two must be equal, or one a gate (C) or (C, 1, 1) for the other, an image (C, H, W)"
        },
        {
            "NG0506", """[Network(4)] [Mark("a"), Dense(4), Mark("b"), Add("a")] public partial class Mlp;""", "Mark(\"b\")",
            "Nothing in 'Mlp' asks for the value 'b'; leave the mark out"
        },
        {
            "NG0507", "class Body; [Network(4)] [Use<Body>, Dense(2)] public partial class Mlp;", "Use<Body>",
            "Use<Body> of 'Mlp' inserts the layers of a block, but 'Body' has no [Block]"
        },
        {
            "NG0508",
            "[Block] [ReLU, Use<Inner>] class Outer; [Block] [Use<Outer>] class Inner; [Network(4)] [Use<Outer>] public partial class Mlp;",
            "Use<Outer>", "Use<Outer> of 'Mlp' would insert 'Outer' into itself without end: Outer → Inner → Outer"
        },
        {
            "NG0509", "[Block] [ReLU] class Body; [Network(4)] [Use<Body>(Repeat = -2)] public partial class Mlp;",
            "Use<Body>(Repeat = -2)",
            "Use<Body> of 'Mlp' has a Repeat of -2; it must be at least 1"
        },
        {
            "NG0510", "[Block] class Body; [Network(4)] [Use<Body>, Dense(2)] public partial class Mlp;", "Use<Body>",
            "Use<Body> of 'Mlp' inserts 0 layers; a block needs at least 1"
        },
        {
            "NG0511", "[Block] [ReLU, Huber] class Body; [Network(4)] [Use<Body>, Dense(2)] public partial class Mlp;", "Huber",
            "'Huber' stands in the block 'Body' that 'Mlp' uses; a loss is the last attribute of the network itself"
        },
        {
            "NG0512", "[Block] [ReLU, Tanh] class Body; [Network(4)] [Use<Body>(Repeat = 2147483647)] public partial class Mlp;", "ReLU",
            "With its blocks inserted 'Mlp' has more than 10,000 layers"
        },
        {
            "NG0513", """[Block] [ReLU] class Body; [Network(4)] [Use<Body>, Use<Body>(Name = "body1")] public partial class Mlp;""",
            "Use<Body>(Name = \"body1\")",
            "Use<Body> of 'Mlp' is named 'body1', which is already the name of another block; names of blocks must differ"
        },
        {
            "NG0011", """[Block] [ReLU] class Body; [Network(4)] [Tanh, Use<Body>(Name = "the body")] public partial class Mlp;""",
            "Use<Body>(Name = \"the body\")",
            "Layer 2 of 'Mlp' is named 'the body'; a name consists of letters a-z, digits and _, in parts joined by single dots"
        },
        {
            "NG0514", "[Block] [ReLU] partial class Body; [Tanh] partial class Body; [Network(4)] [Use<Body>] public partial class Mlp;",
            "Tanh",
            "'Tanh' of 'Body' stands on another declaration than [Block]; put all layers on the one with [Block], in the order of the data"
        },
        {
            "NG0515", "[Block] [Dense(3)] class Body; [Network(4)] [Use<Body>(Repeat = 2, Shared = true)] public partial class Mlp;",
            "Dense(3)",
            "'body1.dense1' of 'Mlp' needs 'body1.dense1.weight' of shape (3, 3), but shares the one of shape (3, 4); "
                + "give both places the same input shape, or leave Shared out"
        },
        {
            "NG0010", """[Block] [Dense(4)] class Body; [Network(4)] [Use<Body>, Dense(4, Name = "body1.dense1")] public partial class Mlp;""",
            "Dense(4, Name = \"body1.dense1\")",
            "Layer 2 of 'Mlp' is named 'body1.dense1', which is already the name of layer 1; names of layers must differ"
        },
        {
            "NG0104", "[Block] [ReLU, Dense(0)] class Body; [Network(4)] [Use<Body>(Repeat = 3), Dense(4)] public partial class Mlp;",
            "Dense(0)",
            "Layer 2 of 'Mlp' has 0 units; a layer needs at least 1"
        },
        {
            "NG0015", "class GateAttribute : LayerAttribute; [Block] [Gate] class Body; [Network(4)] [Use<Body>] public partial class Mlp;",
            "Gate",
            "'Gate' of 'Mlp' is no layer or loss that NetGen knows"
        },
        {
            "NG0012", """
                [Network(4)] [Input("b", 2)] [Concat("b"), Dense(2)] [MeanSquaredError]
                public partial class Mlp { float Train(ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> t, Optimizer o) => 0; }
                """,
            "Train",
            "'Mlp' declares 'Train(ReadOnlySpan<float>, ReadOnlySpan<float>, ReadOnlySpan<float>, Optimizer)', which the generator adds; rename or remove it"
        },
        {
            "NG0012", """
                [Network(4)] [Dense(2), Output("a"), Dense(3), Output("b")]
                public partial class Mlp { void Predict(ReadOnlySpan<float> x, Span<float> a, Span<float> b) { } }
                """,
            "Predict",
            "'Mlp' declares 'Predict(ReadOnlySpan<float>, Span<float>, Span<float>)', which the generator adds; rename or remove it"
        },
        {
            "NG0012", "[Network(4)] [Dense(2)] public partial class Mlp { void Load(System.IO.Stream stream) { } }", "Load",
            "'Mlp' declares 'Load(Stream)', which the generator adds; rename or remove it"
        },
        {
            "NG0516", """[Network] [Input("a", 4), Input("b", 2)] [Dense(2)] public partial class Mlp;""", "Input(\"b\", 2)",
            "Nothing in 'Mlp' reads the input 'b'; leave it out"
        },
        {
            "NG0101", """[Network] [Input("a", 4), Input("b")] [Dense(2)] public partial class Mlp;""", "Input(\"b\")",
            "The input of 'Mlp' has 0 axes; it needs at least 1: [Network(784)] is a vector, [Network(1, 28, 28)] an image"
        },
        {
            "NG0102", """[Network(4)] [Input("b", 3, 0)] [Dense(2)] public partial class Mlp;""", "Input(\"b\", 3, 0)",
            "Axis 1 of the input of 'Mlp' has extent 0; an extent is at least 1"
        },
        {
            "NG0502", """[Network(4)] [Input("input", 3)] [Concat("input")] public partial class Mlp;""", "Input(\"input\", 3)",
            "Input(input) of 'Mlp' names a second value 'input'; names of values must differ"
        },
        {
            "NG0517", """[Block] [ReLU, Input("b", 3)] class Body; [Network(4)] [Use<Body>] public partial class Mlp;""", "Input(\"b\", 3)",
            "Input(b) stands in a block that 'Mlp' uses; inputs and outputs belong to the network itself"
        },
        {
            "NG0517", """[Block] [ReLU, Output("b")] class Body; [Network(4)] [Use<Body>] public partial class Mlp;""", "Output(\"b\")",
            "Output(b) stands in a block that 'Mlp' uses; inputs and outputs belong to the network itself"
        },
        {
            "NG0518", """[Network(4)] [Mark("x"), Dense(8), From("x"), Dense(2)] public partial class Mlp;""", "Dense(8)",
            "Nothing reads what 'dense1' of 'Mlp' computes; mark it and bring it back, make it an output, or leave it out"
        },
        {
            "NG0518", """[Network(4)] [Dense(8), Output("y"), Dense(2)] public partial class Mlp;""", "Dense(2)",
            "Nothing reads what 'dense2' of 'Mlp' computes; mark it and bring it back, make it an output, or leave it out"
        },
        {
            "NG0519", """[Network(4)] [Dense(8), Output("y"), Dense(2), Output("z")] [Huber(Output = "x")] public partial class Mlp;""",
            "Huber(Output = \"x\")", "Huber of 'Mlp' judges the output 'x'; the outputs that have a name are: 'y', 'z'"
        },
        {
            "NG0519", """[Network(4)] [Dense(8)] [Huber(Output = "x")] public partial class Mlp;""",
            "Huber(Output = \"x\")", "Huber of 'Mlp' judges the output 'x'; the outputs that have a name are: none"
        },
        {
            "NG0520", """[Network(4)] [Dense(8), Output("y"), Dense(2), Output("z")] [Huber(Output = "y"), LogCosh(Output = "y")] public partial class Mlp;""",
            "LogCosh(Output = \"y\")", "LogCosh of 'Mlp' is a second loss of the output 'y'; an output has at most 1"
        },
        {
            "NG0107", "[Network(4)] [Dense(8)] [Huber(Weight = float.NaN)] public partial class Mlp;", "Huber(Weight = float.NaN)",
            "The Weight of layer 2 of 'Mlp' is float.NaN; it must be a finite number"
        },
        {
            "NG0501", """[Block] [Dense(4), Add("x")] class Body; [Network(4)] [Mark("x"), Use<Body>] public partial class Mlp;""", "Add(\"x\")",
            "Add(x) of 'Mlp' asks for the value 'x'; the values that have a name before it are: none"
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Wrong_declaration_is_reported_at_its_place(string id, string source, string marked, string message)
    {
        GeneratorHarness run = GeneratorHarness.Run(source);

        Assert.Null(run.Exception);
        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal($"{id} [{marked}] {message}", GeneratorHarness.Describe(diagnostic));
        Assert.True(diagnostic.Location.IsInSource);
        if (diagnostic.Severity == DiagnosticSeverity.Error)
            Assert.Empty(run.Sources);
        else
            Assert.NotEmpty(run.Sources);
    }

    [Fact]
    public void Old_language_version_is_reported()
    {
        GeneratorHarness run = GeneratorHarness.Run("[Network(4)] [Dense(2)] public partial class Mlp { }", LanguageVersion.CSharp11);

        Assert.Equal(
            "NG0007 [Network(4)] NetGen needs C# 12 or newer; this project uses C# 11.0",
            GeneratorHarness.Describe(Assert.Single(run.Diagnostics)));
    }

    [Fact]
    public async Task Layer_without_network_is_reported_once_at_the_first_layer()
    {
        IReadOnlyList<Diagnostic> found = await GeneratorHarness.Run("[Dense(2), ReLU] [CrossEntropy] public partial class Mlp;")
            .Analyze(new LayerUsageAnalyzer());

        Assert.Equal(
            "NG0016 [Dense(2)] 'Dense' stands on 'Mlp', which has no [Network]; put [Network(shape)] before the first layer",
            GeneratorHarness.Describe(Assert.Single(found)));
    }

    [Theory]
    [InlineData("[Network(4)] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Netwrk(4)] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Network(4)] public partial class Mlp; [Dense(2)] partial class Mlp;")]
    [InlineData("[Obsolete] public class Mlp;")]
    public async Task Analyzer_leaves_other_classes_alone(string source) =>
        Assert.Empty(await GeneratorHarness.Run(source).Analyze(new LayerUsageAnalyzer()));

    [Fact]
    public void Every_descriptor_has_a_case()
    {
        IEnumerable<string> covered = Cases.Concat(LintTests.Cases).Select(row => (string)row[0])
            .Concat(["NG0007", "NG0016", "NG0307", "NG0900"]);

        Assert.Equal(Descriptors.All.Select(descriptor => descriptor.Id).Order(), covered.Distinct().Order());
    }

    [Fact]
    public void Several_faults_are_reported_together()
    {
        GeneratorHarness run = GeneratorHarness.Run("[Network(4)] [Dense(0)] public class Mlp { public int Info; }");

        Assert.Equal(["NG0001", "NG0104", "NG0012"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void Layers_on_another_file_are_reported_in_that_file()
    {
        GeneratorHarness run = GeneratorHarness.Run(
            [("A.cs", "[Network(4)] [Dense(2)] public partial class Mlp;"), ("B.cs", "// padding\n[ReLU] partial class Mlp;")]);

        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("B.cs", diagnostic.Location.SourceTree?.FilePath);
        Assert.Equal("ReLU", GeneratorHarness.MarkedText(diagnostic));
    }

    [Fact]
    public void Pragma_silences_a_warning()
    {
        const string Source = "[Network(4)] [Dense(1, Trainable = false)]\n[MeanSquaredError] public partial class Mlp;";

        Assert.Single(GeneratorHarness.Run(Source).Diagnostics);
        Assert.Empty(GeneratorHarness.Run("#pragma warning disable NG0203\n" + Source).Diagnostics);
    }

    [Theory]
    [InlineData("public partial class Mlp { public float[] Predict(string path) => []; }")]
    [InlineData("public partial class Mlp { public void Train(int epochs) { } }")]
    [InlineData("public partial class Mlp { public class Stream { } public void Load(Stream stream) { } }")]
    [InlineData("public partial class Mlp { public Mlp(string path) : this(1UL) { } }")]
    [InlineData("public partial class Mlp { public Mlp(ulong a, ulong b) { } static Mlp() { } }")]
    [InlineData("public partial class Mlp { public string Title { get; set; } = \"\"; }")]
    public void Members_with_other_signatures_are_free(string type) =>
        Assert.Empty(GeneratorHarness.Run("[Network(4)] [Dense(2)] [MeanSquaredError] " + type).Diagnostics);

    [Fact]
    public void Training_members_are_free_without_a_loss()
    {
        const string Type =
            "public partial class Mlp { public float Gradients(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c) => 0; }";

        Assert.Empty(GeneratorHarness.Run("[Network(4)] [Dense(2)] " + Type).Diagnostics);
        Diagnostic clash = Assert.Single(GeneratorHarness.Run("[Network(4)] [Dense(2)] [MeanSquaredError] " + Type).Diagnostics);
        Assert.Equal(
            "NG0012 [Gradients] 'Mlp' declares 'Gradients(ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>)', "
                + "which the generator adds; rename or remove it",
            GeneratorHarness.Describe(clash));
    }

    /// <summary>Text the compiler rejects: its error stands there, and a second one of ours would only mislead.</summary>
    [Theory]
    [InlineData("[Network(4)] [Dense] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense()] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(\"two\")] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(Units)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(1 / 0)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(99999999999)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2, Bia = false)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2, Bias = 3)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2, 3)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(size: 2)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dens(2)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2), Softmx] [CrossEntropy] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2) ReLU] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2), Softmax] [CrossEntropy(] public partial class Mlp;")]
    [InlineData("[Network(] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Network(Size)] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Network(4, \"x\")] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Network(4), Network(5)] [Dense(2)] public partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2)] public partial class Mlp; [Network(5)] partial class Mlp;")]
    [InlineData("[Network(4)] [Dense(2)] public partial struct Mlp;")]
    [InlineData("[Network(4)] [Dense(2)] public partial record struct Mlp;")]
    [InlineData("[Network(4)] [Dense(2)] public partial interface IMlp;")]
    [InlineData("[Network(4)] [Dense(2)] public partial class")]
    [InlineData("[Network(4)] [Dense(2)] public partial")]
    [InlineData("[Network(4)] [Dense(2)]")]
    [InlineData("[Network(4)] [Dense(2)")]
    [InlineData("[Network(4)] [")]
    public void Text_the_compiler_rejects_gives_no_second_error(string source)
    {
        GeneratorHarness run = GeneratorHarness.Run(source);

        Assert.Null(run.Exception);
        Assert.Equal([], run.Diagnostics.Select(GeneratorHarness.Describe));
        Assert.Contains(run.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Failure_of_the_compiler_names_the_network_and_the_exception()
    {
        Diagnostic diagnostic = DiagnosticReport.Failure("Mlp", new InvalidOperationException("First line.\r\nSecond line."));

        Assert.Equal(
            "NG0900 [] NetGen could not generate 'Mlp': InvalidOperationException, First line. Second line. Please report this",
            GeneratorHarness.Describe(diagnostic));
    }

    [Fact]
    public void Unknown_attribute_that_is_no_layer_does_not_stop_the_network() =>
        Assert.NotEmpty(GeneratorHarness.Run("[Network(4)] [Dense(2)] [MadeByAnotherGenerator] public partial class Mlp;").Sources);
}

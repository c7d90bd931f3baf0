using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <summary>Every diagnostic, one descriptor per id. Ids are never reused. The holes' meanings stand beside each message.</summary>
internal static class Descriptors
{
    private const string HelpRoot = "docs/diagnostics/";

    // Before the descriptors: static fields are initialised in order, and each descriptor enters itself.
    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new(StringComparer.Ordinal);

    // 0001-0099: declaration.

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor NotPartial = Error("NG0001", "Network must be partial",
        "Network '{0}' must be partial: the generator adds its members to the class");

    /// <summary>0 network, 1 containing type.</summary>
    public static readonly DiagnosticDescriptor NestedClass = Error("NG0002", "Network is nested",
        "Network '{0}' is nested in '{1}'; a network must be a top-level class");

    /// <summary>0 network, 1 number of type parameters.</summary>
    public static readonly DiagnosticDescriptor GenericClass = Error("NG0003", "Network is generic",
        "Network '{0}' has type parameters ({1}); a network must have 0");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor RecordClass = Error("NG0004", "Network is a record",
        "Network '{0}' is a record; a network must be a class, for two networks are not equal by value");

    /// <summary>0 network, 1 static or abstract.</summary>
    public static readonly DiagnosticDescriptor NotInstantiable = Error("NG0005", "Network cannot be instantiated",
        "Network '{0}' is {1}; a network holds parameters, so it must be a class that can be instantiated");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor FileLocalClass = Error("NG0006", "Network is file-local",
        "Network '{0}' is file-local; its generated part lies in another file, so it must be internal or public");

    /// <summary>0 language version found.</summary>
    public static readonly DiagnosticDescriptor CSharpTooOld = Error("NG0007", "C# is too old",
        "NetGen needs C# 12 or newer; this project uses C# {0}");

    /// <summary>0 layer or loss, 1 network.</summary>
    public static readonly DiagnosticDescriptor SplitDeclaration = Error("NG0008", "Layers are spread over two declarations",
        "'{0}' of '{1}' stands on another declaration than [Network]; put all layers on the one with [Network], in the order of the data");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor NoLayers = Error("NG0009", "Network has no layers",
        "Network '{0}' has 0 layers; it needs at least 1");

    /// <summary>0 layer number, 1 network, 2 name, 3 number of the layer that has it.</summary>
    public static readonly DiagnosticDescriptor NameClash = Error("NG0010", "Two layers have one name",
        "Layer {0} of '{1}' is named '{2}', which is already the name of layer {3}; names of layers must differ");

    /// <summary>0 layer number, 1 network, 2 name.</summary>
    public static readonly DiagnosticDescriptor InvalidName = Error("NG0011", "Layer name is not valid",
        "Layer {0} of '{1}' is named '{2}'; a name consists of letters a-z, digits and _, in parts joined by single dots");

    /// <summary>0 network, 1 member as the user wrote it.</summary>
    public static readonly DiagnosticDescriptor MemberClash = Error("NG0012", "Member is generated",
        "'{0}' declares {1}, which the generator adds; rename or remove it");

    /// <summary>0 layer, 1 network, 2 loss.</summary>
    public static readonly DiagnosticDescriptor LayerAfterLoss = Error("NG0013", "Layer follows the loss",
        "'{0}' of '{1}' follows the loss '{2}'; the loss must be last");

    /// <summary>0 loss, 1 network, 2 first loss, 3 number of losses.</summary>
    public static readonly DiagnosticDescriptor TwoLosses = Error("NG0014", "Network has two losses",
        "'{0}' of '{1}' follows the loss '{2}': {3} losses found, at most 1 is possible");

    /// <summary>0 kind, 1 network.</summary>
    public static readonly DiagnosticDescriptor UnknownLayer = Error("NG0015", "Layer is unknown",
        "'{0}' of '{1}' is no layer or loss that NetGen knows");

    /// <summary>0 layer or loss, 1 class.</summary>
    public static readonly DiagnosticDescriptor LayerWithoutNetwork = Error("NG0016", "Layer without [Network]",
        "'{0}' stands on '{1}', which has no [Network]; put [Network(shape)] before the first layer");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor NamedLikeMember = Error("NG0017", "Network is named like a member",
        "Network '{0}' has the name of a member that the generator adds to it; a class and its member cannot have one name: rename the class");

    /// <summary>0 network, 1 base class.</summary>
    public static readonly DiagnosticDescriptor BaseNeedsArguments = Error("NG0018", "Base class needs arguments",
        "Network '{0}' derives from '{1}', whose constructors need arguments; the network's own constructor has only the seed and passes 0");

    // 0101-0199: shape.

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor EmptyInputShape = Error("NG0101", "Input shape is empty",
        "The input of '{0}' has 0 axes; it needs at least 1: [Network(784)] is a vector, [Network(1, 28, 28)] an image");

    /// <summary>0 network, 1 extent found, 2 axis from 0.</summary>
    public static readonly DiagnosticDescriptor ExtentTooSmall = Error("NG0102", "Input extent is too small",
        "Axis {2} of the input of '{0}' has extent {1}; an extent is at least 1");

    /// <summary>0 network, 1 axes found, 2 axes possible.</summary>
    public static readonly DiagnosticDescriptor TooManyAxes = Error("NG0103", "Input has too many axes",
        "The input of '{0}' has {1} axes; at most {2} are possible, and the batch is not one of them");

    /// <summary>0 layer number, 1 network, 2 units found.</summary>
    public static readonly DiagnosticDescriptor UnitsTooSmall = Error("NG0104", "Layer has no units",
        "Layer {0} of '{1}' has {2} units; a layer needs at least 1");

    /// <summary>0 units, 1 network, 2 shape found.</summary>
    public static readonly DiagnosticDescriptor DenseNeedsVector = Error("NG0105", "Dense reads an image",
        "Dense({0}) of '{1}' reads the last axis of a vector (N) or a sequence (T, F); its input is the image {2}: put Flatten before it");

    /// <summary>0 network, 1 parameters found up to this layer, 2 parameters possible.</summary>
    public static readonly DiagnosticDescriptor ParameterCountOverflow = Error("NG0106", "Too many parameters",
        "'{0}' has {1} parameters up to this layer; at most {2} are possible");

    /// <summary>0 layer number, 1 network, 2 argument, 3 value found.</summary>
    public static readonly DiagnosticDescriptor ArgumentNotFinite = Error("NG0107", "Argument is not finite",
        "The {2} of layer {0} of '{1}' is {3}; it must be a finite number");

    /// <summary>0 layer number, 1 network, 2 value found, 3 last value.</summary>
    public static readonly DiagnosticDescriptor InvalidInit = Error("NG0108", "Init is not valid",
        "Layer {0} of '{1}' has an Init of value {2}; the ones that have a name are 0 to {3}");

    /// <summary>0 network, 1 what is too large, 2 floats found, 3 floats possible.</summary>
    public static readonly DiagnosticDescriptor ValueTooLarge = Error("NG0109", "Value is too large",
        "The {1} of '{0}' has {2} floats; at most {3} are possible");

    /// <summary>0 layer number, 1 network, 2 function.</summary>
    public static readonly DiagnosticDescriptor NothingToLearn = Error("NG0160", "Activation has nothing to learn",
        "Layer {0} of '{1}' is learnable, but gives 0 starts for parameters of '{2}' behind its first; at least 1 is needed");

    /// <summary>0 layer number, 1 network, 2 pieces found.</summary>
    public static readonly DiagnosticDescriptor TooFewPieces = Error("NG0161", "Maxout has too few pieces",
        "Layer {0} of '{1}' takes the largest of {2} units; at least 2 are needed");

    /// <summary>0 pieces, 1 network, 2 shape found, 3 units found, 4 numbers that fit.</summary>
    public static readonly DiagnosticDescriptor PiecesDoNotFit = Error("NG0162", "Maxout does not divide its input",
        "Maxout({0}) of '{1}' takes the largest of {0} units each; its input {2} has {3}, which {0} does not divide: {4} would fit");

    /// <summary>0 layer number, 1 network, 2 parameter.</summary>
    public static readonly DiagnosticDescriptor StepStopsTraining = Error("NG0163", "Step stops training",
        "Layer {0} of '{1}' is Step, whose derivative is 0: no loss can train '{2}' before it. "
            + "Leave out the loss or freeze the parameter; Sigmoid is the form that can be trained");

    // 0201-0299: training.

    /// <summary>0 network, 1 what it ends in.</summary>
    public static readonly DiagnosticDescriptor CrossEntropyNeedsSoftmax = Error("NG0201", "CrossEntropy needs Softmax",
        "CrossEntropy takes probabilities: '{0}' must end in Softmax before it, but ends in {1}");

    /// <summary>0 network, 1 what it ends in.</summary>
    public static readonly DiagnosticDescriptor BinaryCrossEntropyNeedsSigmoid = Error("NG0202", "BinaryCrossEntropy needs Sigmoid",
        "BinaryCrossEntropy takes probabilities: '{0}' must end in Sigmoid before it, but ends in {1}");

    /// <summary>0 network, 1 loss.</summary>
    public static readonly DiagnosticDescriptor NothingToTrain = Warning("NG0203", "Nothing to train",
        "'{0}' has the loss {1} but 0 trainable parameters; training cannot change it");

    /// <summary>0 loss, 1 network, 2 shape found.</summary>
    public static readonly DiagnosticDescriptor LossNeedsVector = Error("NG0204", "Loss needs a vector",
        "{0} of '{1}' compares one row of classes (N); the network's output is {2}: put Flatten, or a Dense on one row, before it");

    /// <summary>0 network, 1 what it ends in.</summary>
    public static readonly DiagnosticDescriptor KLDivergenceNeedsSoftmax = Error("NG0205", "KLDivergence needs Softmax",
        "KLDivergence takes probabilities: '{0}' must end in Softmax before it, but ends in {1}");

    /// <summary>0 argument, 1 network, 2 value found.</summary>
    public static readonly DiagnosticDescriptor InvalidPenalty = Error("NG0210", "Penalty is not valid",
        "The {0} of '{1}' is {2}; a penalty's coefficient must be finite and at least 0");

    /// <summary>0 layer number, 1 network, 2 value found.</summary>
    public static readonly DiagnosticDescriptor InvalidRate = Error("NG0211", "Dropout rate is not valid",
        "The rate of layer {0} of '{1}' is {2}; it is the probability that a value is dropped, at least 0 and below 1");

    /// <summary>0 network, 1 shape found.</summary>
    public static readonly DiagnosticDescriptor ChannelDropoutNeedsImage = Error("NG0212", "ChannelDropout needs an image",
        "ChannelDropout of '{0}' drops whole channels of an image (C, H, W); its input is {1}: Dropout drops single values of any shape");

    /// <summary>0 network, 1 value found.</summary>
    public static readonly DiagnosticDescriptor InvalidLabelSmoothing = Error("NG0213", "Label smoothing is not valid",
        "The LabelSmoothing of '{0}' is {1}; it is the share that targets give to all classes alike, at least 0 and below 1");

    /// <summary>0 network, 1 weights found, 2 classes.</summary>
    public static readonly DiagnosticDescriptor ClassWeightCount = Error("NG0214", "Class weights do not fit the classes",
        "The loss of '{0}' has {1} class weights for {2} classes; it needs a weight for each");

    /// <summary>0 network, 1 value found.</summary>
    public static readonly DiagnosticDescriptor InvalidClassWeight = Error("NG0215", "Class weight is not valid",
        "A class weight of '{0}' is {1}; weights must be finite and at least 0, and one must be above 0");

    /// <summary>0 network, 1 value found.</summary>
    public static readonly DiagnosticDescriptor InvalidPositiveWeight = Error("NG0216", "Positive weight is not valid",
        "The PositiveWeight of '{0}' is {1}; it must be finite and positive");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor ZeroOneLossIsMetric = Error("NG0217", "The 0-1 loss is a metric",
        "'{0}' cannot train on ZeroOneLoss: it counts wrong answers, so its gradient is 0; train on CrossEntropy after Softmax, or "
            + "BinaryCrossEntropy after Sigmoid, and read Evaluation.ErrorRate");

    /// <summary>0 network.</summary>
    public static readonly DiagnosticDescriptor ClassWeightsOfSeveralLosses = Error("NG0218", "Class weights need a single loss",
        "The loss of '{0}' with class weights is one of several, or of one output of several; their mean divides by the weights of the "
            + "classes, and the others' by the number of samples: give the samples weights instead");

    // 0301-0399: advice on what compiles. A warning is almost surely a mistake, an information what a textbook would add.

    /// <summary>0 layer number, 1 network, 2 number of activations, 3 what happens to the gradient.</summary>
    public static readonly DiagnosticDescriptor SaturatingStack = Warning("NG0301", "Gradient vanishes",
        "Layer {0} of '{1}' is the last of {2} saturating activations: {3}; take ReLU for hidden layers, or normalise between them");

    /// <summary>0 loss, 1 network, 2 activation, 3 loss that suits it.</summary>
    public static readonly DiagnosticDescriptor SquaredErrorOfProbabilities = Info("NG0302", "Squared error of probabilities",
        "{0} of '{1}' follows {2}, whose slope vanishes where it is sure: a sure mistake is hardly corrected; {3} has no such flat parts");

    /// <summary>0 layer number, 1 network, 2 layer behind it.</summary>
    public static readonly DiagnosticDescriptor SoftmaxBeforeLayer = Warning("NG0303", "Softmax before another layer",
        "Softmax, layer {0} of '{1}', is followed by {2}: its outputs sum to 1 and compete with each other; take it as the last layer only");

    /// <summary>0 number of the first layer, 1 network, 2 number of the second layer, 3 inputs, 4 outputs.</summary>
    public static readonly DiagnosticDescriptor CollapsingLayers = Warning("NG0304", "Two linear layers in a row",
        "Layers {0} and {2} of '{1}' have no activation between them: together they are one linear map from {3} to {4} values; "
            + "put an activation between them, or leave one out");

    /// <summary>0 layer number, 1 network, 2 activation.</summary>
    public static readonly DiagnosticDescriptor ActivationAfterSoftmax = Warning("NG0305", "Activation after Softmax",
        "{2}, layer {0} of '{1}', follows Softmax: the outputs are probabilities before it and no longer after it; remove one of the two");

    /// <summary>0 layer number, 1 network, 2 layer.</summary>
    public static readonly DiagnosticDescriptor DropoutAtEnd = Warning("NG0306", "Dropout after the last layer",
        "{2}, layer {0} of '{1}', stands behind the last layer with weights: it sets predictions to 0 in training, not features; put it before");

    /// <summary>0 network, 1 optimizer.</summary>
    public static readonly DiagnosticDescriptor DoubleDecay = Info("NG0307", "Weights decay twice",
        "'{0}' has an L2 penalty and is trained with {1}, which decays weights itself; keep one: L2 with Adam, or {1} without L2");

    /// <summary>0 layer number, 1 network, 2 initialisation found, 3 activation, 4 initialisation that suits it.</summary>
    public static readonly DiagnosticDescriptor MismatchedInit = Info("NG0308", "Initialisation does not suit the activation",
        "Layer {0} of '{1}' starts with Init.{2} before {3}; Init.{4} is made for it");

    /// <summary>0 loss, 1 network, 2 activation.</summary>
    public static readonly DiagnosticDescriptor HingeOfProbabilities = Warning("NG0309", "Hinge loss of probabilities",
        "{0} of '{1}' compares with -1 and 1, but {2} gives values from 0 to 1; end in Dense, or in Tanh");

    /// <summary>0 layer number, 1 network, 2 layer.</summary>
    public static readonly DiagnosticDescriptor BiasBeforeBatchNorm = Info("NG0310", "Bias before BatchNorm",
        "BatchNorm subtracts the bias of {2}, layer {0} of '{1}', together with the mean; set Bias = false");

    // 0401-0449: expressions and their derivatives.

    /// <summary>0 what was found.</summary>
    public static readonly DiagnosticDescriptor NotDifferentiable = Error("NG0401", "Code cannot be differentiated",
        "Cannot differentiate {0}; supported are float arithmetic, comparisons, ?:, if and else, for with constant bounds, local variables, "
            + "functions of MathF and Math, constants, and calls of static methods of floats");

    /// <summary>0 method, 1 what it is.</summary>
    public static readonly DiagnosticDescriptor FunctionForm = Error("NG0402", "Method is no function of floats",
        "'{0}' {1}; [Differentiable] needs a static method of one or more floats that returns a float");

    /// <summary>0 type, 1 method.</summary>
    public static readonly DiagnosticDescriptor TypeNotPartial = Error("NG0403", "Type of a differentiable method must be partial",
        "'{0}' must be partial: the generator adds the derivative of '{1}' to it");

    /// <summary>0 rounds possible.</summary>
    public static readonly DiagnosticDescriptor LoopTooLong = Error("NG0404", "Loop is too long",
        "The loops of a differentiated method are unrolled, and these run more than {0} rounds");

    /// <summary>0 method.</summary>
    public static readonly DiagnosticDescriptor RecursiveFunction = Error("NG0405", "Function calls itself",
        "'{0}' calls itself; a method that is differentiated must not, for its calls are expanded");

    /// <summary>0 operations possible.</summary>
    public static readonly DiagnosticDescriptor FunctionTooLong = Error("NG0406", "Function is too long",
        "With its calls expanded and its loops unrolled the method has more than {0} operations");

    /// <summary>0 attribute, 1 network, 2 function, 3 what is wrong.</summary>
    public static readonly DiagnosticDescriptor FunctionNotFound = Error("NG0407", "Function of a layer is not usable",
        "{0} of '{1}' names '{2}', which {3}; it needs a static method of that class that takes floats and returns a float: "
            + "x, or prediction and target, and a parameter for each constant");

    /// <summary>0 type, 1 name of the derivative, 2 method.</summary>
    public static readonly DiagnosticDescriptor DerivativeNameTaken = Error("NG0408", "Name of a derivative is taken",
        "'{0}' has '{1}' already, which the generator adds as the derivative of '{2}'; rename one of the two");

    // 0501-0599: graphs.

    /// <summary>0 layer, 1 network, 2 name, 3 names that there are.</summary>
    public static readonly DiagnosticDescriptor MarkNotFound = Error("NG0501", "Value has no such name",
        "{0} of '{1}' asks for the value '{2}'; the values that have a name before it are: {3}");

    /// <summary>0 layer, 1 network, 2 name.</summary>
    public static readonly DiagnosticDescriptor DuplicateMark = Error("NG0502", "Two values have one name",
        "{0} of '{1}' names a second value '{2}'; names of values must differ");

    /// <summary>0 layer, 1 network, 2 marked shape, 3 current shape, 4 what would fit.</summary>
    public static readonly DiagnosticDescriptor AddShapes = Error("NG0503", "Shapes cannot be added",
        "{0} of '{1}' adds {2} to {3}; the two must be equal: {4} would fit");

    /// <summary>0 layer, 1 network, 2 marked shape, 3 current shape, 4 needed shape.</summary>
    public static readonly DiagnosticDescriptor ConcatShapes = Error("NG0504", "Shapes cannot be concatenated",
        "{0} of '{1}' puts {2} behind {3}; a value of shape {4} would fit");

    /// <summary>0 layer, 1 network, 2 current shape, 3 marked shape.</summary>
    public static readonly DiagnosticDescriptor MultiplyShapes = Error("NG0505", "Shapes cannot be multiplied",
        "{0} of '{1}' multiplies {2} by {3}; the two must be equal, or one a gate (C) or (C, 1, 1) for the other, an image (C, H, W)");

    /// <summary>0 network, 1 name.</summary>
    public static readonly DiagnosticDescriptor UnusedMark = Info("NG0506", "Mark is not used",
        "Nothing in '{0}' asks for the value '{1}'; leave the mark out");

    /// <summary>0 class, 1 network.</summary>
    public static readonly DiagnosticDescriptor NotABlock = Error("NG0507", "Class is not a block",
        "Use<{0}> of '{1}' inserts the layers of a block, but '{0}' has no [Block]");

    /// <summary>0 block, 1 network, 2 the way round.</summary>
    public static readonly DiagnosticDescriptor RecursiveBlock = Error("NG0508", "Block contains itself",
        "Use<{0}> of '{1}' would insert '{0}' into itself without end: {2}");

    /// <summary>0 block, 1 network, 2 value found.</summary>
    public static readonly DiagnosticDescriptor RepeatTooSmall = Error("NG0509", "Repeat is too small",
        "Use<{0}> of '{1}' has a Repeat of {2}; it must be at least 1");

    /// <summary>0 block, 1 network.</summary>
    public static readonly DiagnosticDescriptor EmptyBlock = Error("NG0510", "Block has no layers",
        "Use<{0}> of '{1}' inserts 0 layers; a block needs at least 1");

    /// <summary>0 loss, 1 block, 2 network.</summary>
    public static readonly DiagnosticDescriptor LossInBlock = Error("NG0511", "Loss stands in a block",
        "'{0}' stands in the block '{1}' that '{2}' uses; a loss is the last attribute of the network itself");

    /// <summary>0 network, 1 layers possible.</summary>
    public static readonly DiagnosticDescriptor TooManyLayers = Error("NG0512", "Too many layers",
        "With its blocks inserted '{0}' has more than {1} layers");

    /// <summary>0 block, 1 network, 2 name.</summary>
    public static readonly DiagnosticDescriptor BlockNameClash = Error("NG0513", "Two blocks have one name",
        "Use<{0}> of '{1}' is named '{2}', which is already the name of another block; names of blocks must differ");

    /// <summary>0 layer, 1 block.</summary>
    public static readonly DiagnosticDescriptor SplitBlock = Error("NG0514", "Block is spread over two declarations",
        "'{0}' of '{1}' stands on another declaration than [Block]; put all layers on the one with [Block], in the order of the data");

    /// <summary>0 layer, 1 network, 2 parameter, 3 shape needed here, 4 shape there.</summary>
    public static readonly DiagnosticDescriptor SharedShape = Error("NG0515", "Shared parameter does not fit",
        "'{0}' of '{1}' needs '{2}' of shape {3}, but shares the one of shape {4}; give both places the same input shape, or leave Shared out");

    /// <summary>0 network, 1 name.</summary>
    public static readonly DiagnosticDescriptor UnusedInput = Warning("NG0516", "Input is not used",
        "Nothing in '{0}' reads the input '{1}'; leave it out");

    /// <summary>0 layer, 1 network.</summary>
    public static readonly DiagnosticDescriptor PortInBlock = Error("NG0517", "Input or output stands in a block",
        "{0} stands in a block that '{1}' uses; inputs and outputs belong to the network itself");

    /// <summary>0 layer, 1 network.</summary>
    public static readonly DiagnosticDescriptor ValueLost = Warning("NG0518", "Value is lost",
        "Nothing reads what '{0}' of '{1}' computes; mark it and bring it back, make it an output, or leave it out");

    /// <summary>0 loss, 1 network, 2 name found, 3 names there are.</summary>
    public static readonly DiagnosticDescriptor LossOutput = Error("NG0519", "Loss names no output",
        "{0} of '{1}' judges the output '{2}'; the outputs that have a name are: {3}");

    /// <summary>0 loss, 1 network, 2 output.</summary>
    public static readonly DiagnosticDescriptor SecondLoss = Error("NG0520", "Output has two losses",
        "{0} of '{1}' is a second loss of the output '{2}'; an output has at most 1");

    // 0601-0629: convolutions.

    /// <summary>0 layer, 1 network, 2 shape found, 3 the layer that would make an image of it.</summary>
    public static readonly DiagnosticDescriptor NeedsImage = Error("NG0601", "Layer needs an image",
        "{0} of '{1}' reads an image (C, H, W); its input is {2}: put {3} before it");

    /// <summary>0 layer, 1 network, 2 shape found.</summary>
    public static readonly DiagnosticDescriptor NeedsSequence = Error("NG0602", "Layer needs a sequence",
        "{0} of '{1}' reads a sequence (C, L), channels first; its input is {2}");

    /// <summary>0 argument, 1 layer number, 2 network, 3 value found, 4 range.</summary>
    public static readonly DiagnosticDescriptor ArgumentOutOfRange = Error("NG0603", "Argument is out of range",
        "The {0} of layer {1} of '{2}' is {3}; it must be {4}");

    /// <summary>0 layer number, 1 network, 2 length of the kernel with its gaps, 3 rows or columns, 4 how many of them there are, padding
    /// included, 5 shape found, 6 what its axes are.</summary>
    public static readonly DiagnosticDescriptor KernelDoesNotFit = Error("NG0604", "Kernel does not fit",
        "The kernel of layer {0} of '{1}' spans {2} {3}, but its input has {4} with the padding; {5} is read as {6}");

    /// <summary>0 groups, 1 layer number, 2 network, 3 channels of the input, 4 channels of the output.</summary>
    public static readonly DiagnosticDescriptor GroupsDoNotDivide = Error("NG0605", "Groups do not divide the channels",
        "{0} groups of layer {1} of '{2}' must divide the {3} channels of its input and the {4} of its output");

    /// <summary>0 layer number, 1 network, 2 rows or columns, 3 padding.</summary>
    public static readonly DiagnosticDescriptor OutputIsEmpty = Error("NG0606", "Output is empty",
        "Layer {0} of '{1}' would have no {2}: its padding of {3} on every side takes all of them away");

    // 0630-0649: pooling and shapes.

    /// <summary>0 layer, 1 network, 2 what it reads, 3 shape found.</summary>
    public static readonly DiagnosticDescriptor PoolNeedsChannels = Error("NG0630", "Layer needs channels",
        "{0} of '{1}' reads {2}; its input is {3}");

    /// <summary>0 layer number, 1 network, 2 padding found, 3 size, 4 largest padding.</summary>
    public static readonly DiagnosticDescriptor PoolPadding = Error("NG0632", "Padding of a pool is out of range",
        "The padding of layer {0} of '{1}' is {2}; with windows of {3} it must be 0 to {4}, or a window would lie outside the input");

    /// <summary>0 layer, 1 network, 2 window, 3 shape found, 4 padding.</summary>
    public static readonly DiagnosticDescriptor WindowTooLarge = Error("NG0633", "Window is larger than its input",
        "{0} of '{1}' needs a window of {2}, which does not fit its input {3} with a padding of {4}");

    /// <summary>0 network, 1 shape found.</summary>
    public static readonly DiagnosticDescriptor ReshapeExtents = Error("NG0634", "Shape is not valid",
        "Reshape of '{0}' names the shape {1}; it needs 1 to 4 extents of at least 1, one of which may be -1: it follows from the others");

    /// <summary>0 network, 1 shape found, 2 floats of it, 3 input shape, 4 floats of it.</summary>
    public static readonly DiagnosticDescriptor ReshapeLength = Error("NG0635", "Shape does not hold its input",
        "Reshape of '{0}' names the shape {1}, which has {2} floats without a -1; its input {3} has {4}");

    // 0650-0669: normalisation.

    /// <summary>0 groups, 1 network, 2 channels.</summary>
    public static readonly DiagnosticDescriptor NormGroupsDoNotDivide = Error("NG0650", "GroupNorm's groups do not divide the channels",
        "GroupNorm({0}) of '{1}' makes groups of {2} channels; the number of groups must be at least 1 and divide {2}");

    /// <summary>0 layer, 1 network, 2 shape found.</summary>
    public static readonly DiagnosticDescriptor NormNeedsVector = Error("NG0651", "Normalisation reads an image",
        "{0} of '{1}' normalises a vector (N) or each row of a sequence (T, F); its input is the image {2}: GroupNorm(1) normalises a whole "
            + "image, or put Flatten before it");

    /// <summary>0 groups, 1 network, 2 shape found.</summary>
    public static readonly DiagnosticDescriptor GroupNormOfSequence = Error("NG0652", "GroupNorm reads a sequence",
        "GroupNorm({0}) of '{1}' groups the channels of an image (C, H, W) or the features of a vector (N); its input is the sequence {2}: "
            + "LayerNorm normalises each of its rows");

    /// <summary>0 layer number, 1 network, 2 value found.</summary>
    public static readonly DiagnosticDescriptor EpsilonNotPositive = Error("NG0653", "Epsilon is not positive",
        "Layer {0} of '{1}' has an Epsilon of {2}; it must be positive and finite");

    /// <summary>0 layer number, 1 network, 2 value found.</summary>
    public static readonly DiagnosticDescriptor MomentumOutOfRange = Error("NG0654", "Momentum of BatchNorm is out of range",
        "Layer {0} of '{1}' has a Momentum of {2}, the share of a batch in the running averages; it must be above 0 and at most 1");

    /// <summary>0 layer number, 1 network, 2 groups.</summary>
    public static readonly DiagnosticDescriptor NormOfOneValue = Warning("NG0655", "Normalisation of one value",
        "Layer {0} of '{1}' normalises {2} groups of 1 value each: a value minus its own mean is 0, so the output is the bias whatever the "
            + "input is; use fewer groups");

    // 0900-0999: our bug.

    /// <summary>0 network, 1 exception.</summary>
    public static readonly DiagnosticDescriptor InternalError = Error("NG0900", "NetGen failed",
        "NetGen could not generate '{0}': {1}. Please report this");

    /// <summary>All descriptors.</summary>
    public static IReadOnlyCollection<DiagnosticDescriptor> All => ById.Values;

    public static DiagnosticDescriptor Find(string id) => ById[id];

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Add(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Add(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        Add(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Add(string id, string title, string message, DiagnosticSeverity severity)
    {
        DiagnosticDescriptor descriptor = new(
            id, title, message, "NetGen", severity, isEnabledByDefault: true, helpLinkUri: HelpRoot + id + ".md");
        ById.Add(id, descriptor);
        return descriptor;
    }
}

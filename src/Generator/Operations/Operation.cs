using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>What one call of an operation covers, which decides how work is split between threads.</summary>
internal enum Scope
{
    /// <summary>Adds up a part of the terms of every sample's sums: split by terms.</summary>
    Terms,

    /// <summary>Works on each sample by itself: split by samples.</summary>
    Samples,

    /// <summary>Sums over all samples of the batch into a parameter's gradient: split by the parameter's rows.</summary>
    Parameters,
}

/// <summary>How a tensor lies in the working memory of one block of samples.</summary>
internal enum Layout
{
    /// <summary>[feature][lane]: vectors run over samples, so that every element-wise or class-wise step has full vectors.</summary>
    Panel,

    /// <summary>[lane][feature], rows padded to 4 floats: what a weight gradient reads along the features.</summary>
    Rows,

    /// <summary>[feature]: one value for the block, such as a sum over its samples.</summary>
    Block,
}

/// <summary>A kind of node. Stateless but for its constants; one file per operation.</summary>
internal abstract class Operation
{
    /// <summary>For documentation and comments.</summary>
    public abstract string Name { get; }

    /// <summary>How its work may be split.</summary>
    public virtual Scope Scope => Scope.Samples;

    /// <summary>How its outputs lie in memory.</summary>
    public virtual Layout OutputLayout => Layout.Panel;

    /// <summary>Whether its calls take <c>random</c>, which differs from step to step.</summary>
    public virtual bool UsesRandomNumbers => false;

    /// <summary>Adds the nodes that compute the gradients of the inputs from those of the outputs.</summary>
    public virtual void Differentiate(Differentiation d, Node node) =>
        throw new InvalidOperationException($"{Name} has no derivative.");

    /// <summary>Prints the calls that run it on blocks of samples.</summary>
    public abstract void EmitPanels(StepWriter steps, Node node);

    /// <summary>Prints the calls that run it on one sample; only inference needs it.</summary>
    public virtual void EmitSingle(StepWriter steps, Node node) =>
        throw new InvalidOperationException($"{Name} does not run on a single sample.");

    /// <summary>Whether <see cref="EmitLanes"/> is there: for networks of a few dozen parameters.</summary>
    public virtual bool WorksOnLanes => false;

    /// <summary>The functions that <see cref="EmitLanes"/> calls.</summary>
    public virtual IEnumerable<MathFunction> LaneFunctions => [];

    /// <summary>Prints it with every feature in a register whose lanes are samples.</summary>
    public virtual void EmitLanes(LaneWriter lanes, Node node) => throw new InvalidOperationException($"{Name} does not run on lanes.");
}

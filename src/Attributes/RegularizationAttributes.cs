using System;

namespace NetGen;

/// <summary>Dropout: in training every value of a sample becomes 0 with probability rate, and what is kept grows by 1 / (1 − rate), so that
/// the mean stays. Prediction and evaluation do not contain it.</summary>
/// <remarks>
/// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, in its inverted form. What is dropped
/// depends on the network's seed, the number of training steps it has done, the layer, the sample's place in the batch and the value's
/// place in the sample: never on the machine or the number of threads. <c>Gradients</c> and <c>Backward</c> drop what the next <c>Train</c>
/// will drop.
/// </remarks>
public sealed class DropoutAttribute : LayerAttribute
{
    /// <param name="rate">Probability that a value is dropped, at least 0 and below 1.</param>
    public DropoutAttribute(float rate) => Rate = rate;

    /// <summary>Probability that a value is dropped.</summary>
    public float Rate { get; }
}

/// <summary><see cref="DropoutAttribute">Dropout</see> of whole channels of an image (C, H, W),
/// whose neighbouring pixels say nearly the same.</summary>
/// <remarks>Tompson et al., "Efficient object localization using convolutional networks", 2015.</remarks>
public sealed class ChannelDropoutAttribute : LayerAttribute
{
    /// <param name="rate">Probability that a channel is dropped, at least 0 and below 1.</param>
    public ChannelDropoutAttribute(float rate) => Rate = rate;

    /// <summary>Probability that a channel is dropped.</summary>
    public float Rate { get; }
}

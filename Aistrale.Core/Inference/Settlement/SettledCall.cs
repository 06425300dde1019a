using Aistrale.Contracts;
using Aistrale.Core.Pricing;
using Aistrale.Core.Telemetry;

namespace Aistrale.Core.Inference.Settlement;

/// <summary>A call whose usage record is safe: what the answer may now tell of it.</summary>
internal sealed record SettledCall(UsageEvent Record, UsageQuantities Usage, IReadOnlyList<AttemptResponse> Attempts);

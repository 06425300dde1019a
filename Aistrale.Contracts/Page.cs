namespace Aistrale.Contracts;

/// <summary>One page of a list. <paramref name="NextCursor"/> is opaque; null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aistrale.AppHostTests;

/// <summary>The topology as AppHost.cs describes it, built but never started.</summary>
internal sealed class AppHostModel : IAsyncDisposable
{
    private readonly IDistributedApplicationTestingBuilder _builder;

    private AppHostModel(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    public IEnumerable<IResource> Resources => _builder.Resources;

    public static Task<AppHostModel> RunModeAsync(params string[] arguments) =>
        CreateAsync(["--AISTRALE_HOME", Path.Combine(Path.GetTempPath(), "aistrale-model-tests"), .. arguments]);

    public static Task<AppHostModel> PublishModeAsync(params string[] arguments) =>
        CreateAsync(["--operation", "publish", "--step", "publish", .. arguments]);

    public IResource this[string name] =>
        Resources.SingleOrDefault(resource => resource.Name == name)
        ?? throw new InvalidOperationException($"No resource \"{name}\" among {string.Join(", ", Resources.Select(resource => resource.Name))}.");

    /// <summary>What a resource waits for, as "name:how".</summary>
    public IReadOnlyList<string> Waits(string name) =>
        [.. this[name].Annotations.OfType<WaitAnnotation>().Select(wait => $"{wait.Resource.Name}:{wait.WaitType}").Distinct().Order()];

    /// <summary>Names of the environment variables that a resource is started with.</summary>
    public async Task<IReadOnlySet<string>> EnvironmentKeysAsync(string name, CancellationToken ct) =>
        (await EnvironmentAsync(name, ct)).Keys.ToHashSet();

    /// <summary>The variables with their expressions: nothing is resolved, so no secret is made and no port is needed.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(
            new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), this[name], cancellationToken: ct);
        foreach (var callback in this[name].Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key,
            variable => variable.Value is IManifestExpressionProvider expression ? expression.ValueExpression : variable.Value.ToString()!);
    }

    public ValueTask DisposeAsync() => _builder.DisposeAsync();

    private static async Task<AppHostModel> CreateAsync(string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.Aistrale_AppHost>(arguments));
}

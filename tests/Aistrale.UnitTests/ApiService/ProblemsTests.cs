using System.Reflection;
using Aistrale.ApiService.Http;
using Aistrale.Contracts;
using Aistrale.Core;
using Xunit;

namespace Aistrale.UnitTests.ApiService;

public sealed class ProblemsTests
{
    [Theory]
    [InlineData(ErrorCodes.InvalidCredentials, 401)]
    [InlineData(ErrorCodes.Forbidden, 403)]
    [InlineData(ErrorCodes.NotFound, 404)]
    [InlineData(ErrorCodes.Conflict, 409)]
    [InlineData(ErrorCodes.LastAdmin, 409)]
    [InlineData(ErrorCodes.TooManyAttempts, 429)]
    [InlineData(ErrorCodes.ServiceUnavailable, 503)]
    [InlineData(ErrorCodes.ValidationFailed, 400)]
    [InlineData(ErrorCodes.WeakPassword, 400)]
    [InlineData(ErrorCodes.InvalidSetupCode, 400)]
    public void A_failure_has_the_status_of_its_code(string code, int status)
    {
        var problem = new Failure(code, "Why.").ToProblem();

        Assert.Equal((status, code, "Why."), (problem.StatusCode, problem.ProblemDetails.Extensions["code"], problem.ProblemDetails.Detail));
        Assert.DoesNotContain("errors", problem.ProblemDetails.Extensions.Keys);
    }

    [Fact]
    public void A_failure_of_one_field_names_it_under_errors()
    {
        var problem = new Failure(ErrorCodes.ValidationFailed, "Give a name.", "name").ToProblem();

        Assert.Equal(["Give a name."], Assert.IsType<Dictionary<string, string[]>>(problem.ProblemDetails.Extensions["errors"])["name"]);
    }

    [Theory]
    [InlineData(400, ErrorCodes.ValidationFailed)]
    [InlineData(401, ErrorCodes.NotSignedIn)]
    [InlineData(403, ErrorCodes.Forbidden)]
    [InlineData(404, ErrorCodes.NotFound)]
    [InlineData(405, ErrorCodes.MethodNotAllowed)]
    [InlineData(406, ErrorCodes.ValidationFailed)]
    [InlineData(408, ErrorCodes.ValidationFailed)]
    [InlineData(409, ErrorCodes.Conflict)]
    [InlineData(411, ErrorCodes.ValidationFailed)]
    [InlineData(413, ErrorCodes.PayloadTooLarge)]
    [InlineData(415, ErrorCodes.UnsupportedMediaType)]
    [InlineData(429, ErrorCodes.RateLimitExceeded)]
    [InlineData(431, ErrorCodes.ValidationFailed)]
    [InlineData(500, ErrorCodes.Internal)]
    [InlineData(503, ErrorCodes.ServiceUnavailable)]
    public void A_bare_status_has_a_code_and_only_our_own_fault_is_internal(int status, string code) => Assert.Equal(code, Problems.Code(status));

    [Fact]
    public void Every_code_is_snake_case_and_stands_for_one_thing()
    {
        string[] codes = [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!)];

        Assert.All(codes, code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code));
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }
}

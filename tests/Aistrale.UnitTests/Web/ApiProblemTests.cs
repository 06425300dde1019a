using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class ApiProblemTests
{
    [Fact]
    public void A_problem_document_is_read_with_its_field_errors()
    {
        var problem = ApiProblem.Parse(400, """{"title":"Bad Request","status":400,"detail":"Check the fields.","code":"validation_failed","traceId":"4bf9","errors":{"Email":["Not an address."]}}""");

        Assert.Equal(ErrorCodes.ValidationFailed, problem.Code);
        Assert.Equal("Check the fields.", problem.Detail);
        Assert.Equal("4bf9", problem.TraceId);
        Assert.Equal("Not an address.", problem.ErrorOf("email"));
        Assert.Null(problem.ErrorOf("password"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"detail\":42}")]
    public void What_is_no_problem_document_never_reaches_people(string body)
    {
        var problem = ApiProblem.Parse(500, body);

        Assert.Equal(ErrorCodes.Internal, problem.Code);
        Assert.Equal("The API answered 500 and gave no reason.", problem.Detail);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public void A_missing_api_is_told_apart_from_a_failing_one(int status) => Assert.True(ApiProblem.Parse(status, "").IsUnavailable);
}

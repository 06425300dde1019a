using Aistrale.Tests.Shared;
using Xunit;

[assembly: AssemblyFixture(typeof(LocalServers))]

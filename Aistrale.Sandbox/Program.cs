using Aistrale.Sandbox;

SandboxServer.Build(args).Run();

namespace Aistrale.Web.Components.Pages.SignIn;

internal static class NewPassword
{
    public const string Hint = "15 characters or more; a few words in a row are easy to remember.";
}

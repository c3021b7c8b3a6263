"""The task that sets up the buckets and the CDN."""

from invoke import Context, Exit, task

from pelican_photos.bucket_command import (
    apply_layout,
    layout_of,
    read_bucket_settings,
    show_policy,
    show_program,
    show_template,
)
from pelican_photos.errors import SettingsError
from pelican_photos.terminal import display


@task(
    optional=["policy"],
    help={
        "apply": "make what is missing and mend what is not so, after a question",
        "cloudformation": "print a template of CloudFormation instead",
        "policy": "print what a key may do instead: publisher (unless you say another),"
        " keeper (undo and purge as well), inspector (`invoke doctor`), worker (PHOTOS_EXECUTOR)",
        "certificate": "ARN of the certificate of your domain, of ACM in us-east-1",
        "domain": "the domain; that of SITEURL unless you name another",
        "dry-run": "with --apply: look, and say what is to do",
        "yes": "answer yes to the question",
    },
)
def bucket(  # noqa: PLR0913 - one parameter for each option
    _context: Context,
    policy: str = "",
    certificate: str = "",
    domain: str = "",
    *,
    apply: bool = False,
    cloudformation: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> None:
    """Print a safe set-up of bucket and CDN for publishconf.py, or make it."""
    role = policy if isinstance(policy, str) else "publisher"  # alone, it is True
    with display() as shown:
        if sum(map(bool, (apply, cloudformation, policy))) > 1:
            raise SettingsError("choose one of --apply, --cloudformation and --policy")
        if dry_run and not apply:
            raise SettingsError("--dry-run goes with --apply: nothing else changes anything")
        settings = read_bucket_settings()
        layout = layout_of(settings, certificate=certificate, domain=domain)
        whole = True
        if apply:
            whole = apply_layout(settings, layout, shown, dry_run=dry_run, yes=yes)
        elif cloudformation:
            show_template(layout, shown)
        elif policy:
            show_policy(layout, role, shown)
        else:
            show_program(settings, layout, shown)
    if not whole:
        raise Exit(code=1)

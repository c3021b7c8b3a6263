"""The sites of sigal and Hugo."""

import json
import shutil
import subprocess
from pathlib import Path

from building.posts import Post
from building.site import DISPLAY, QUALITY, SITEURL, THUMBNAIL, Shot, Site, settings_text, write

from pelican_photos.plugin.assets import Assets

# Sigal swaps width and height for portraits, so that a box cannot ask for a width.
_SIGAL_WIDTH = f"""
import pilkit.processors


class ToWidth(pilkit.processors.ResizeToFit):
    def __init__(self, width, height, upscale=False):
        super().__init__({DISPLAY}, None, upscale=upscale)


pilkit.processors.ToWidth = ToWidth
del pilkit, ToWidth  # what stays is sent to other processes
"""


class Sigal(Site):
    """One album, with sigal's own page for each photo; as many processes as there are CPUs."""

    output = "_build"
    end = "</header>"
    shows_captions = False  # in the pages of this theme; sigal reads them all the same

    def configure(self) -> None:
        settings = {
            "source": "pictures",
            "destination": self.output,
            "theme": "theme",
            "plugins": ["sigal.plugins.media_page"],
            "img_format": "WEBP",
            "img_size": (DISPLAY, DISPLAY),
            "img_processor": "ToWidth",
            "jpg_options": {"quality": QUALITY},
            "thumb_size": (THUMBNAIL, 16000),
            "thumb_fit": False,
        }
        write(self.root / "sigal.conf.py", settings_text(settings) + _SIGAL_WIDTH)
        find = "import sigal; print(sigal.__path__[0])"
        found = subprocess.check_output([self.program, "-c", find], text=True).strip()
        shutil.copytree(Path(found) / "themes" / "colorbox", self.root / "theme")

    def original(self, shot: Shot) -> Path:
        return self.root / "pictures" / "album" / shot.name

    def page(self, shot: Shot) -> Path:
        return self.original(shot).with_suffix(".md")

    def text(self, post: Post) -> str:
        body = "\n\n".join(post.paragraphs)
        return f"Title: {post.title}\nTags: {', '.join(post.tags)}\n\n{body}\n"

    def template(self) -> Path:
        return self.root / "theme/templates/media.html"

    def command(self) -> list[object]:
        return [self.program, "-m", "sigal", "build", "--quiet"]


_BASE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ .Site.Title }}</title>
<style>{{ readFile "style.css" | safeCSS }}</style>
</head>
<body>
<header class="site"><a class="name" href="/">{{ .Site.Title }}</a></header>
<main id="content">{{ block "main" . }}{{ end }}</main>
<footer class="foot"><p>{{ .Site.Title }}</p></footer>
</body>
</html>
"""
_SINGLE = """\
{{ define "main" }}
<article class="prose h-entry">
<h1 class="p-name">{{ .Title }}</h1>
<p class="meta"><time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">\
{{ .Date.Format "2 January 2006" }}</time>
{{ range .GetTerms "tags" }} · <a rel="tag" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>
IMAGE
<div class="text e-content">{{ .Content }}</div>
{{ with .NextInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .PrevInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
</article>
{{ end }}
"""
_LIST = """\
{{ define "main" }}
<h1>{{ .Title }}</h1>
{{ $pages := .Paginate .RegularPages }}{{ if .IsHome }}\
{{ $pages = .Paginate .Site.RegularPages }}{{ end }}
{{ range $pages.Pages }}
<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
IMAGE
<p class="meta"><time>{{ .Date.Format "2 January 2006" }}</time></p></article>
{{ end }}
{{ with $pages.Prev }}<a rel="prev" href="{{ .URL }}">Newer</a>{{ end }}
{{ with $pages.Next }}<a rel="next" href="{{ .URL }}">Older</a>{{ end }}
{{ end }}
"""
_TERMS = """\
{{ define "main" }}
<h1>{{ .Title }}</h1>
<ul>{{ range .Data.Terms.Alphabetical }}\
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>
{{ end }}
"""
_IMAGE = """\
{{ with .Resources.GetMatch "photo.jpg" }}{{ with .Resize "WIDTHx webp qQUALITY" }}\
<img src="{{ .RelPermalink }}" width="{{ .Width }}" height="{{ .Height }}" alt="">\
{{ end }}{{ end }}"""
_LINK = '<img src="/photos/{{ .Slug }}.webp" alt="{{ .Title }}">'


class Hugo(Site):
    """A page bundle for each photo; the lists show thumbnails."""

    output = "public"

    def configure(self) -> None:
        settings = {
            "baseURL": f"{SITEURL}/",
            "title": "Photos",
            "timeout": "30m",
            "pagination": {"pagerSize": 60},
            "services": {"rss": {"limit": 20}},
            "taxonomies": {"tag": "tags"},
            "permalinks": {"photos": "/photos/:year/:slug/"},
        }
        write(self.root / "hugo.json", json.dumps(settings))
        write(self.root / "style.css", Assets("photos").inline_style)
        layouts = self.root / "layouts/_default"
        write(layouts / "baseof.html", _BASE)
        write(layouts / "single.html", _SINGLE.replace("IMAGE", self._image(DISPLAY)))
        write(layouts / "list.html", _LIST.replace("IMAGE", self._image(THUMBNAIL)))
        write(layouts / "terms.html", _TERMS)

    def _image(self, width: int) -> str:
        if not self.pictures:
            return _LINK
        return _IMAGE.replace("WIDTH", str(width)).replace("QUALITY", str(QUALITY))

    def original(self, shot: Shot) -> Path:
        return self.page(shot).with_name("photo.jpg")

    def page(self, shot: Shot) -> Path:
        return self.root / f"content/photos/{shot.post.slug}/index.md"

    def text(self, post: Post) -> str:
        header: dict[str, object] = {"title": post.title, "date": post.published.isoformat()}
        header |= {"slug": post.slug, "tags": post.tags}
        return f"{json.dumps(header)}\n\n" + "\n\n".join(post.paragraphs) + "\n"

    def template(self) -> Path:
        return self.root / "layouts/_default/single.html"

    def command(self) -> list[object]:
        # What Hugo compiles for itself once on a machine; pictures are kept in the site.
        return [self.program, "--quiet", "--cacheDir", self.root.parent / "hugo-cache"]

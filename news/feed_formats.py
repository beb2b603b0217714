"""The three formats of a feed, each with the whole text of a report (``content``) beside its ``summary``."""

import json
from typing import Any, BinaryIO

from django.utils import feedgenerator
from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator


class Rss(feedgenerator.Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        # RSS has no word for it, so it is said in Atom's: readers tell by it that a report was corrected.
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class Atom(feedgenerator.Atom1Feed):
    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Json(feedgenerator.SyndicationFeed):
    """JSON Feed 1.1."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: BinaryIO, encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False).encode(encoding))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        pictures = [
            {"url": file.url, "mime_type": file.mime_type, "size_in_bytes": int(file.length)}
            for file in item["enclosures"]
        ]
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "content_html": item["content"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "language": self.feed["language"],
            "tags": list(item["categories"]),
        } | ({"image": pictures[0]["url"], "attachments": pictures} if pictures else {})

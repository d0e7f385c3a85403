"""Knowledge's demo data: articles in both languages, and who read them."""

from crm.core.sockets import DemoStep, demo

from .articles import make_articles, make_reads

demo.register(
    DemoStep("knowledge.articles", "Articles", make_articles, 45),
    DemoStep("knowledge.reads", "Articles read", make_reads, 46),
)
